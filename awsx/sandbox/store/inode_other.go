//go:build !unix

package store

import "io/fs"

// inode is not to be had without opening the file: size and time must do.
func inode(fs.FileInfo) uint64 { return 0 }
