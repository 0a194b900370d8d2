package rig

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecipesAreComplete(t *testing.T) {
	keys := map[string]string{}
	for _, version := range Versions() {
		r, err := recipeFor(version)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(r.launcher(), "@") && strings.Contains(strings.ReplaceAll(r.launcher(), "@Override", ""), "@") {
			t.Errorf("%s: a placeholder is left in the launcher", version)
		}
		for _, a := range r.lib {
			if strings.Count(a, ":") != 2 {
				t.Errorf("%s: %q is no coordinate", version, a)
			}
		}
		if other, taken := keys[r.key()]; taken {
			t.Errorf("%s and %s share the cache key %s", version, other, r.key())
		}
		keys[r.key()] = version
	}
	if _, err := recipeFor("9.9.9"); err == nil || !strings.Contains(err.Error(), "2.19.4") {
		t.Errorf("an unknown version gave %v", err)
	}
}

func TestRecipeKeyFollowsContent(t *testing.T) {
	r, err := recipeFor("3.4.0")
	if err != nil {
		t.Fatal(err)
	}
	changed := r
	changed.lib = append([]string{"a:b:1"}, r.lib...)
	if r.key() == changed.key() {
		t.Error("another class path has the same cache key: an old tree would be used")
	}
}

func TestDescriptor(t *testing.T) {
	r, err := recipeFor("3.4.0")
	if err != nil {
		t.Fatal(err)
	}
	want := `name=repository-s3
description=repository-s3
version=3.4.0
opensearch.version=3.4.0
java.version=21
classname=org.opensearch.repositories.s3.S3RepositoryPlugin
custom.foldername=
extended.plugins=
has.native.controller=false
`
	if d := cmp.Diff(want, r.descriptor(r.plugins[1])); d != "" {
		t.Error(d)
	}
}

func TestChooseJDK(t *testing.T) {
	root := t.TempDir()
	jdk := func(name, version string, compiler bool) string {
		home := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Join(home, "bin"), 0o755); err != nil {
			t.Fatal(err)
		}
		if compiler {
			writeFile(t, filepath.Join(home, "bin", "javac"), "")
		}
		writeFile(t, filepath.Join(home, "release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\""+version+"\"\n")
		return home
	}
	old, good := jdk("a17", "17.0.15", true), jdk("b21", "21.0.2", true)
	newest, runtime := jdk("c25", "25", true), jdk("d26", "26.0.1", false)
	for name, tc := range map[string]struct {
		first, usual []string
		want         string
	}{
		"JAVA_HOME wins":            {[]string{good}, []string{newest}, good},
		"one that is too old is no": {[]string{old}, []string{newest}, newest},
		"the newest of the rest":    {[]string{"", old}, []string{good, newest, old}, newest},
		"a runtime is no JDK":       {[]string{runtime}, []string{good}, good},
		"nothing fits":              {[]string{old, runtime}, []string{filepath.Join(root, "none")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := chooseJDK(tc.first, tc.usual)
			if got.Home != tc.want || (err != nil) != (tc.want == "") {
				t.Errorf("got %+v, %v; want %q", got, err, tc.want)
			}
		})
	}
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
