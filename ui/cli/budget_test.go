package cli

import (
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The budgets of the house: what a reader can hold in mind.
const (
	maxFileLines     = 400
	maxFunctionLines = 60
	maxMedianLines   = 130
	maxP90Lines      = 250
	// maxRootLines is the whole router of the full screen: what grows there belongs
	// into a screen.
	maxRootLines = 100
)

func TestOnePackageCommentEach(t *testing.T) {
	comments := map[string][]string{}
	for _, f := range houseFiles(t) {
		if f.isTest {
			continue
		}
		if _, ok := comments[f.dir]; !ok {
			comments[f.dir] = nil
		}
		if f.file.Doc != nil {
			comments[f.dir] = append(comments[f.dir], f.path)
		}
	}
	for dir, where := range comments {
		if len(where) != 1 {
			t.Errorf("%s has %d package comments %v, wants exactly one", dir, len(where), where)
		}
	}
}

func TestFileLengths(t *testing.T) {
	var lengths []int
	for _, f := range houseFiles(t) {
		if f.lines > maxFileLines {
			t.Errorf("%s has %d lines, the house allows %d", f.path, f.lines, maxFileLines)
		}
		if f.path == "ui/wizard/root.go" && f.lines > maxRootLines {
			t.Errorf("%s has %d lines, the router has at most %d", f.path, f.lines, maxRootLines)
		}
		if !f.isTest {
			lengths = append(lengths, f.lines)
		}
	}
	slices.Sort(lengths)
	median, p90 := lengths[len(lengths)/2], lengths[len(lengths)*9/10]
	t.Logf("%d files, median %d, 90th percentile %d lines", len(lengths), median, p90)
	if median > maxMedianLines || p90 > maxP90Lines {
		t.Errorf("median %d (at most %d), 90th percentile %d (at most %d)", median, maxMedianLines, p90, maxP90Lines)
	}
}

func TestFunctionLengths(t *testing.T) {
	for _, f := range houseFiles(t) {
		for _, d := range f.file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			from, to := f.fset.Position(fn.Pos()).Line, f.fset.Position(fn.End()).Line
			if n := to - from + 1; n > maxFunctionLines {
				t.Errorf("%s:%d %s has %d lines, the house allows %d", f.path, from, fn.Name.Name, n, maxFunctionLines)
			}
		}
	}
}

func TestNoRoomCalledUtil(t *testing.T) {
	for _, f := range houseFiles(t) {
		switch base := filepath.Base(f.dir); base {
		case "util", "utils", "common", "helpers", "misc":
			t.Errorf("%s: %q names no room", f.path, base)
		}
	}
}

// TestTopLevel keeps the front door tidy: what stands at the top is agreed.
func TestTopLevel(t *testing.T) {
	allowed := []string{
		".ci", ".git", ".gitignore", ".gitattributes", "ARCHITECTURE.md", "LICENSE", "README.md", "awsx", "demo.tape", "docs",
		"go.mod", "go.sum", "main.go", "rig", "steps", "ui",
	}
	// Leavings of a build or a run, which git ignores.
	ignored := []string{"snapferry", "snapferry-run", "dist"}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) && !slices.Contains(ignored, e.Name()) && !strings.HasSuffix(e.Name(), ".test") {
			t.Errorf("%s stands at the top, where only %v belong", e.Name(), allowed)
		}
	}
}
