package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the top of the repository, seen from this package's folder.
const root = "../.."

// goFile is one parsed source file of the house.
type goFile struct {
	path    string // slash path from the top
	dir     string // its folder, "." for the top
	isTest  bool
	lines   int
	file    *ast.File
	imports []string
	fset    *token.FileSet
}

func houseFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && p != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "snapferry-run") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		files = append(files, parseFile(t, p))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("found only %d Go files under %s: the guards would guard nothing", len(files), root)
	}
	return files
}

func parseFile(t *testing.T, p string) goFile {
	t.Helper()
	src, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, p, src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	rel, err := filepath.Rel(root, p)
	if err != nil {
		t.Fatal(err)
	}
	rel = filepath.ToSlash(rel)
	g := goFile{path: rel, dir: filepath.ToSlash(filepath.Dir(rel)), isTest: strings.HasSuffix(rel, "_test.go"), lines: strings.Count(string(src), "\n"), file: f, fset: fset}
	for _, im := range f.Imports {
		g.imports = append(g.imports, strings.Trim(im.Path.Value, `"`))
	}
	return g
}

func within(dir, tree string) bool {
	return dir == tree || strings.HasPrefix(dir, tree+"/")
}

// ban forbids imports to the non-test files of some folders. Names that end in
// a slash forbid the whole tree below.
type ban struct {
	in     string
	except []string // files or folders the ban does not bind
	tests  bool     // binds test files too
	names  []string
	why    string
}

// pureNames are what a pure package may not reach for: the world, the clock and
// the network come to it as values.
var pureNames = []string{"os", "net", "net/http", "context", "os/exec", "github.com/aws/"}

// templates find methods by their names while the program runs. Where they can be
// reached, the linker keeps every method of every package: 16 MB of program.
var templates = []string{"text/template", "html/template"}

const templatesWhy = "the linker can leave nothing out of a program that runs templates"

var bans = []ban{
	{in: "steps", names: []string{"charm.land/", "github.com/charmbracelet/", "github.com/spf13/cobra", "snapferry/ui/"}, tests: true, why: "steps work without anybody watching; what a person sees is ui's"},
	{in: "awsx", names: []string{"charm.land/", "github.com/charmbracelet/", "github.com/spf13/cobra", "snapferry/ui/", "snapferry/steps", "snapferry/steps/"}, tests: true, why: "awsx knows AWS and nobody above it"},
	{in: "steps", names: []string{"snapferry/awsx/sandbox", "snapferry/awsx/sandbox/"}, why: "the product must not know whether it talks to the sandbox"},
	{in: "ui", except: []string{"ui/cli/wire.go"}, names: []string{"snapferry/awsx/sandbox", "snapferry/awsx/sandbox/"}, why: "concrete types are chosen in one file"},
	{in: "ui", except: []string{"ui/cli/wire.go"}, names: []string{"snapferry/awsx/account", "snapferry/awsx/cluster", "snapferry/awsx/failure", "snapferry/awsx/network", "snapferry/awsx/session"}, why: "ui asks steps, which ask AWS"},
	{in: "awsx", except: []string{"awsx/sandbox"}, names: []string{"snapferry/awsx/sandbox", "snapferry/awsx/sandbox/"}, why: "clients must not know the sandbox"},
	{in: "awsx/sandbox", names: []string{"github.com/aws/", "snapferry/awsx/network", "snapferry/awsx/session", "snapferry/awsx/account", "snapferry/awsx/cluster", "snapferry/awsx/failure"}, why: "sandbox and clients share ids and policy only, so that they cannot agree on a mistake"},
	{in: "awsx/awsid", names: append([]string{"snapferry/awsx/policy", "snapferry/awsx/network"}, pureNames...), why: "value types are pure"},
	{in: "awsx/text", names: pureNames, why: "words are values"},
	{in: "awsx/policy", names: pureNames, why: "documents are judged without asking anybody"},
	{in: "steps/report", names: pureNames, why: "a report is a function of the state"},
	{in: "steps/diagnose", names: pureNames, why: "explain works offline"},
	{in: "ui/board", names: pureNames, why: "renderers are functions of state"},
	{in: "ui/ask", names: append([]string{"charm.land/"}, pureNames...), why: "questions are data; who asks them fetches and draws"},
	{in: "ui/panel", names: append([]string{"charm.land/bubbletea/v2"}, pureNames...), why: "panels are drawn, and know no program"},
	{in: "ui/theme", names: append([]string{"charm.land/bubbletea/v2"}, pureNames...), why: "a look is a value"},
	{in: "ui/stream", names: append([]string{"charm.land/"}, pureNames...), why: "sinks write what they are handed"},
	{in: "ui/offer", names: []string{"charm.land/", "os", "net", "net/http", "os/exec", "github.com/aws/"}, why: "offers are looked up through steps, and drawn by others"},
	{in: "ui/wizard", names: []string{"net", "net/http", "os/exec", "github.com/aws/"}, why: "whatever touches the world is done by its deeds"},
	{in: "ui", except: []string{"ui/form"}, names: []string{"charm.land/huh/v2"}, why: "huh bites: one package knows where"},
	{in: "ui", names: templates, why: templatesWhy},
	{in: "steps", names: templates, why: templatesWhy},
	{in: "awsx", names: templates, why: templatesWhy},
	{in: ".", names: []string{"snapferry/steps", "snapferry/steps/", "snapferry/awsx/"}, why: "main knows only ui/cli"},
}

func TestImportRule(t *testing.T) {
	files := houseFiles(t)
	for _, b := range bans {
		bound := 0
		for _, f := range files {
			if !b.binds(f) {
				continue
			}
			bound++
			for _, im := range f.imports {
				if b.forbids(im) {
					t.Errorf("%s imports %s: %s", f.path, im, b.why)
				}
			}
		}
		if bound == 0 {
			t.Errorf("nothing is in %s: the ban guards nothing", b.in)
		}
	}
	stepsValuesArePure(t, files)
	rigIsForTests(t, files)
}

func (b ban) binds(f goFile) bool {
	if f.isTest && !b.tests {
		return false
	}
	for _, e := range b.except {
		if f.path == e || within(f.dir, e) {
			return false
		}
	}
	if b.in == "." {
		return f.dir == "."
	}
	return within(f.dir, b.in)
}

func (b ban) forbids(im string) bool {
	for _, n := range b.names {
		if im == n || (strings.HasSuffix(n, "/") && strings.HasPrefix(im, n)) {
			return true
		}
	}
	return false
}

// stepsValuesArePure binds the package steps itself, not its sub-packages.
func stepsValuesArePure(t *testing.T, files []goFile) {
	t.Helper()
	for _, f := range files {
		if f.dir != "steps" || f.isTest {
			continue
		}
		for _, im := range f.imports {
			own := strings.HasPrefix(im, "snapferry/") && im != "snapferry/awsx/awsid" && im != "snapferry/awsx/text"
			if own || (ban{names: pureNames}).forbids(im) {
				t.Errorf("%s imports %s: the values everybody speaks know nobody", f.path, im)
			}
		}
	}
}

func rigIsForTests(t *testing.T, files []goFile) {
	t.Helper()
	for _, f := range files {
		if f.isTest || within(f.dir, "rig") {
			continue
		}
		for _, im := range f.imports {
			if im == "snapferry/rig" || strings.HasPrefix(im, "snapferry/rig/") {
				t.Errorf("%s imports %s: only tests start real nodes", f.path, im)
			}
		}
	}
}

// TestNoClockInPurePackages looks for calls rather than imports, as time.Time
// itself is a harmless value.
func TestNoClockInPurePackages(t *testing.T) {
	pure := []string{"awsx/awsid", "awsx/text", "awsx/policy", "steps/report", "steps/diagnose", "ui/board", "ui/ask", "ui/panel", "ui/theme", "ui/stream"}
	for _, f := range houseFiles(t) {
		bound := f.dir == "steps"
		for _, p := range pure {
			bound = bound || within(f.dir, p)
		}
		if !bound || f.isTest {
			continue
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == "time" && (sel.Sel.Name == "Now" || sel.Sel.Name == "Since" || sel.Sel.Name == "Sleep") {
				t.Errorf("%s: time.%s in a pure package", f.fset.Position(sel.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
}

// TestNoTemplateByCobra: its templates are reached by a call, not by an import of ours.
func TestNoTemplateByCobra(t *testing.T) {
	for _, f := range houseFiles(t) {
		if f.isTest {
			continue
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if ok && (sel.Sel.Name == "MethodByName" || strings.HasPrefix(sel.Sel.Name, "Set") && strings.HasSuffix(sel.Sel.Name, "Template")) {
				t.Errorf("%s: %s: %s", f.fset.Position(sel.Pos()), sel.Sel.Name, templatesWhy)
			}
			return true
		})
	}
}
