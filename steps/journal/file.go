package journal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// WriteFile replaces a file of the run directory (plan, report, answers) whole:
// a reader sees the old one or the new one, also after a loss of power. The file
// is for its owner only, as account ids and names are nobody else's business.
func WriteFile(path string, data []byte) error {
	return Replace(path, func(to io.Writer) error {
		_, err := to.Write(data)
		return err
	})
}

// Replace is WriteFile for what is written piece by piece, as it would be large.
// Nothing is replaced where write gives an error.
func Replace(path string, write func(io.Writer) error) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	replaced := false
	defer func() {
		if !replaced { // also where write panics
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if err := errors.Join(write(tmp), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	replaced = true
	return syncDir(dir)
}

// syncDir makes a rename durable. Windows has no such call for folders.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
