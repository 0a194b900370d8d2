package rig

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/gofrs/flock"
)

// Home is an assembled engine: a tree that nodes share and never write to.
type Home struct {
	Version string
	Dir     string
	recipe  recipe
	jdk     JDK
}

// S3 says whether nodes of this version have the repository type s3.
func (h Home) S3() bool { return h.recipe.s3() }

// Secured says whether nodes of this version can have fine-grained access control.
func (h Home) Secured() bool { return h.recipe.secured() }

// Elasticsearch says whether this is Elasticsearch and not OpenSearch.
func (h Home) Elasticsearch() bool { return h.recipe.elastic() }

// Assemble gives the tree of an engine version from the user's cache folder and
// makes it when it is not there: about 20 seconds a class path when Maven has
// to download, a few seconds from its own cache. Parallel calls, also of other
// processes, wait for each other. A tree appears by a rename when it is whole,
// so that a killed assembly leaves nothing that looks finished.
func Assemble(ctx context.Context, version string) (Home, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return Home{}, fmt.Errorf("rig: where to keep assembled engines: %w", err)
	}
	jdk, err := FindJDK()
	if err != nil {
		return Home{}, err
	}
	w := workshop{cache: filepath.Join(cache, "snapferry", "rig"), jdk: jdk, fetch: mavenFetch, fetchZip: mavenZip, compile: javac}
	return w.assemble(ctx, version)
}

// workshop is what an assembly works with; tests put their own tools in.
type workshop struct {
	cache string
	jdk   JDK
	// fetch puts the class path of some artifacts into dir.
	fetch func(ctx context.Context, scratch, dir string, artifacts []string) error
	// fetchZip puts the zip of one artifact into scratch and gives its path.
	fetchZip func(ctx context.Context, scratch, artifact string) (string, error)
	// compile compiles one source file against a folder of jars.
	compile func(ctx context.Context, jdk JDK, source, lib, classes string) error
}

func (w workshop) assemble(ctx context.Context, version string) (Home, error) {
	r, err := recipeFor(version)
	if err != nil {
		return Home{}, err
	}
	home := Home{Version: version, Dir: filepath.Join(w.cache, r.key()), recipe: r, jdk: w.jdk}
	if err := os.MkdirAll(w.cache, 0o755); err != nil {
		return Home{}, err
	}
	lock := flock.New(home.Dir + ".lock")
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return Home{}, fmt.Errorf("rig: waiting for another assembly of %s: %w", version, err)
	}
	defer func() { _ = lock.Unlock() }()
	if _, err := os.Stat(home.Dir); err == nil {
		return home, nil
	}
	// The name is fixed: what a killed assembly left is under our lock now.
	half := home.Dir + ".half"
	if err := os.RemoveAll(half); err != nil {
		return Home{}, err
	}
	if err := w.build(ctx, r, half); err != nil {
		return Home{}, fmt.Errorf("rig: assembling %s %s: %w", r.engine, version, err)
	}
	return home, os.Rename(half, home.Dir)
}

// build lays out lib, the plugins' folders and the compiled launcher in dir.
func (w workshop) build(ctx context.Context, r recipe, dir string) error {
	for _, d := range []string{"lib", "modules", "plugins", "classes", "scratch"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	scratch := filepath.Join(dir, "scratch")
	if err := w.fetch(ctx, scratch, filepath.Join(dir, "lib"), r.lib); err != nil {
		return err
	}
	have, err := artifactNames(filepath.Join(dir, "lib"))
	if err != nil {
		return err
	}
	for _, p := range r.plugins {
		if err := w.plugin(ctx, r, p, scratch, filepath.Join(dir, p.dir)); err != nil {
			return err
		}
		if err := subtract(filepath.Join(dir, p.dir), have); err != nil {
			return err
		}
	}
	source := filepath.Join(scratch, "Launcher.java")
	if err := os.WriteFile(source, []byte(r.launcher()), 0o644); err != nil {
		return err
	}
	if err := w.compile(ctx, w.jdk, source, filepath.Join(dir, "lib"), filepath.Join(dir, "classes")); err != nil {
		return err
	}
	return os.RemoveAll(scratch)
}

// plugin lays out one plugin's folder.
func (w workshop) plugin(ctx context.Context, r recipe, p plugin, scratch, folder string) error {
	if len(p.artifacts) > 0 {
		if err := w.fetch(ctx, scratch, folder, p.artifacts); err != nil {
			return err
		}
	}
	descriptor := []byte(r.descriptor(p))
	if p.zip != "" {
		file, err := w.fetchZip(ctx, scratch, p.zip)
		if err != nil {
			return err
		}
		if descriptor, err = unpack(file, folder); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, descriptorFile), descriptor, 0o644)
}

func javac(ctx context.Context, jdk JDK, source, lib, classes string) error {
	return run(ctx, jdk.Tool("javac"), "--release", fmt.Sprint(leastJava), "-nowarn",
		"-cp", filepath.Join(lib, "*"), "-d", classes, source)
}

// versionSuffix is where a jar's version begins: the first hyphen before a digit
// that starts a dotted number.
var versionSuffix = regexp.MustCompile(`-\d+\..*\.jar$`)

// artifactNames are the names of the jars in a folder without their versions,
// because the same library may stand in two versions on two class paths.
func artifactNames(dir string) (map[string]bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, e := range entries {
		names[versionSuffix.ReplaceAllString(e.Name(), "")] = true
	}
	return names, nil
}

func subtract(dir string, have map[string]bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if have[versionSuffix.ReplaceAllString(e.Name(), "")] {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
