//go:build unix && !solaris && !aix

package prompt

import (
	"os"

	"golang.org/x/sys/unix"
)

// silence stops a terminal from showing what is typed, until show. Lines still
// come as lines and signals as signals. With flush, what was typed and not yet
// read is thrown away.
func silence(file *os.File, flush bool) (show func(flush bool), err error) {
	fd := int(file.Fd())
	was, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	set := func(t *unix.Termios, flush bool) error {
		if flush {
			return unix.IoctlSetTermios(fd, setTermiosFlush, t)
		}
		return unix.IoctlSetTermios(fd, setTermios, t)
	}
	hushed := *was
	hushed.Lflag &^= unix.ECHO
	hushed.Lflag |= unix.ICANON | unix.ISIG
	hushed.Iflag |= unix.ICRNL
	return func(flush bool) { _ = set(was, flush) }, set(&hushed, flush)
}
