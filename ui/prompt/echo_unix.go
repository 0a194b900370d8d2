//go:build unix && !solaris && !aix

package prompt

import (
	"errors"
	"os"
	"time"

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

// waits says whether a terminal has a line to be read, within a time.
func waits(file *os.File, within time.Duration) bool {
	fd := int(file.Fd())
	for range 10 { // the runtime's own signals interrupt it
		var set unix.FdSet
		set.Zero()
		set.Set(fd)
		patience := unix.NsecToTimeval(within.Nanoseconds())
		n, err := unix.Select(fd+1, &set, nil, nil, &patience)
		if !errors.Is(err, unix.EINTR) {
			return err == nil && n > 0
		}
	}
	return false
}

// flush drops what was typed at a terminal and not read yet.
func flush(file *os.File) {
	fd := int(file.Fd())
	if is, err := unix.IoctlGetTermios(fd, getTermios); err == nil {
		_ = unix.IoctlSetTermios(fd, setTermiosFlush, is)
	}
}
