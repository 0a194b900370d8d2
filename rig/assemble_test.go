package rig

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakeShop "downloads" a fixed class path: a server jar, a shared library in two
// versions, and one jar of each plugin's own.
func fakeShop(t *testing.T, fetches *atomic.Int32) workshop {
	t.Helper()
	return workshop{
		cache: t.TempDir(),
		fetch: func(_ context.Context, _, dir string, artifacts []string) error {
			fetches.Add(1)
			jars := []string{"server-3.4.0.jar", "netty-buffer-4.1.1.Final.jar"}
			if filepath.Base(dir) != "lib" {
				jars = []string{"netty-buffer-4.1.2.Final.jar", strings.Split(artifacts[0], ":")[1] + "-1.0.jar"}
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			for _, jar := range jars {
				if err := os.WriteFile(filepath.Join(dir, jar), nil, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		fetchZip: func(_ context.Context, scratch, _ string) (string, error) {
			file := filepath.Join(scratch, "security.zip")
			return file, os.WriteFile(file, zipped(t, map[string]string{
				"netty-buffer-4.1.3.Final.jar": "", "security.jar": "", "config/roles.yml": "some_role: {}\n",
				descriptorFile: "name=opensearch-security\nextended.plugins=a,b\nclassname=c\n",
			}), 0o644)
		},
		compile: func(_ context.Context, _ JDK, source, _, classes string) error {
			src, err := os.ReadFile(source)
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(classes, "Launcher.class"), src, 0o644)
		},
	}
}

func TestAssembleLaysOut(t *testing.T) {
	var fetches atomic.Int32
	w := fakeShop(t, &fetches)
	home, err := w.assemble(t.Context(), "3.4.0")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"classes/Launcher.class",
		"lib/netty-buffer-4.1.1.Final.jar", "lib/server-3.4.0.jar",
		"modules/transport-netty4/plugin-descriptor.properties", "modules/transport-netty4/transport-netty4-client-1.0.jar",
		"plugins/opensearch-security/commons-collections4-1.0.jar", "plugins/opensearch-security/config/roles.yml",
		"plugins/opensearch-security/plugin-descriptor.properties", "plugins/opensearch-security/security.jar",
		"plugins/repository-s3/plugin-descriptor.properties", "plugins/repository-s3/repository-s3-1.0.jar",
	}
	if d := cmp.Diff(want, filesBelow(t, home.Dir)); d != "" {
		t.Error(d)
	}
	if !home.S3() || home.Elasticsearch() || !home.Secured() {
		t.Error("3.4.0 is OpenSearch with the S3 and the security plugin")
	}
	mended, err := os.ReadFile(filepath.Join(home.Dir, securityDir, descriptorFile))
	if want := "name=opensearch-security\nextended.plugins=\nclassname=c\n"; err != nil || string(mended) != want {
		t.Errorf("the descriptor is %q, %v; want %q", mended, err, want)
	}
}

func TestAssembleOnceForMany(t *testing.T) {
	var fetches atomic.Int32
	w := fakeShop(t, &fetches)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := w.assemble(t.Context(), "7.10.2"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := fetches.Load(); n != 1 {
		t.Errorf("the class path was fetched %d times", n)
	}
}

func TestKilledAssemblyIsRepeated(t *testing.T) {
	var fetches atomic.Int32
	w := fakeShop(t, &fetches)
	whole := w.compile
	w.compile = func(context.Context, JDK, string, string, string) error { return errors.New("killed") }
	if _, err := w.assemble(t.Context(), "2.19.4"); err == nil || !strings.Contains(err.Error(), "2.19.4: killed") {
		t.Fatalf("got %v", err)
	}
	w.compile = whole
	home, err := w.assemble(t.Context(), "2.19.4")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(home.Dir + ".half"); !errors.Is(err, os.ErrNotExist) {
		t.Error("the half tree is still there")
	}
}

func TestAssemblyWaitsNoLongerThanAllowed(t *testing.T) {
	var fetches atomic.Int32
	w := fakeShop(t, &fetches)
	slow, release := make(chan struct{}), make(chan struct{})
	busy := w
	busy.compile = func(context.Context, JDK, string, string, string) error {
		close(slow)
		<-release
		return errors.New("enough")
	}
	var done sync.WaitGroup
	done.Go(func() { _, _ = busy.assemble(context.Background(), "3.8.0") })
	<-slow
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.assemble(ctx, "3.8.0"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	done.Wait()
}

func TestPom(t *testing.T) {
	doc, err := pomOf([]string{"org.opensearch:opensearch:3.4.0"})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"<groupId>org.opensearch</groupId>", "<artifactId>opensearch</artifactId>", "<version>3.4.0</version>", "<packaging>pom</packaging>"} {
		if !strings.Contains(string(doc), part) {
			t.Errorf("%s is missing in\n%s", part, doc)
		}
	}
	if _, err := pomOf([]string{"org.opensearch:opensearch"}); err == nil {
		t.Error("a coordinate without version was taken")
	}
}

func TestRunQuotesTheOutput(t *testing.T) {
	err := run(t.Context(), "go", "no-such-command")
	if err == nil || !strings.Contains(err.Error(), "no-such-command: unknown command") {
		t.Errorf("got %v", err)
	}
}

func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}
