package rig

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
)

const descriptorFile = "plugin-descriptor.properties"

// extended is the descriptor's list of plugins that this one extends. The
// security plugin names some that are published nowhere and that it runs
// without; with a name in the list the node does not start.
var extended = regexp.MustCompile(`(?m)^extended\.plugins=.*$`)

// unpack lays a plugin's zip out in folder and gives its descriptor, mended. The
// config folder of the zip comes with it.
func unpack(file, folder string) (descriptor []byte, err error) {
	in, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	for _, f := range in.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return nil, fmt.Errorf("%s holds %q, which is no local name", filepath.Base(file), f.Name)
		}
		b, err := content(f)
		if err != nil {
			return nil, err
		}
		if path.Clean(f.Name) == descriptorFile {
			descriptor = extended.ReplaceAll(b, []byte("extended.plugins="))
			continue
		}
		to := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, b, 0o644)); err != nil {
			return nil, err
		}
	}
	if descriptor == nil {
		return nil, fmt.Errorf("%s holds no %s", filepath.Base(file), descriptorFile)
	}
	return descriptor, nil
}

func content(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
