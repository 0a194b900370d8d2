package rig

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// leastJava runs every engine of the recipes; OpenSearch 3 needs it.
const leastJava = 21

// JDK is a Java development kit: its home folder and its major version.
type JDK struct {
	Home  string
	Major int
}

// Tool is the path of one of its programs, e.g. "javac".
func (j JDK) Tool(name string) string { return filepath.Join(j.Home, "bin", name) }

// FindJDK looks for a JDK of at least version 21: in JAVA_HOME, then behind the
// java on the PATH, then in the places where packages and managers put them.
// Among those places the newest wins.
func FindJDK() (JDK, error) {
	homes := []string{os.Getenv("JAVA_HOME")}
	if java, err := exec.LookPath("java"); err == nil {
		if real, err := filepath.EvalSymlinks(java); err == nil {
			homes = append(homes, filepath.Dir(filepath.Dir(real)))
		}
	}
	var usual []string
	user, _ := os.UserHomeDir()
	for _, pattern := range []string{
		"/usr/lib/jvm/*", "/usr/java/*", "/opt/*", "/opt/java/*",
		"/Library/Java/JavaVirtualMachines/*/Contents/Home",
		"/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
		filepath.Join(user, ".sdkman/candidates/java/*"),
		filepath.Join(user, ".jdks/*"),
	} {
		found, _ := filepath.Glob(pattern)
		usual = append(usual, found...)
	}
	return chooseJDK(homes, usual)
}

func chooseJDK(first, usual []string) (JDK, error) {
	for _, home := range first {
		if j, ok := jdkAt(home); ok {
			return j, nil
		}
	}
	var good []JDK
	for _, home := range usual {
		if j, ok := jdkAt(home); ok {
			good = append(good, j)
		}
	}
	if len(good) == 0 {
		return JDK{}, fmt.Errorf("rig: no JDK of version %d or newer in JAVA_HOME, on the PATH or in the usual places; install one or set JAVA_HOME", leastJava)
	}
	return slices.MaxFunc(good, func(a, b JDK) int { return a.Major - b.Major }), nil
}

// jdkAt reads the file "release" every JDK since 9 has, which is quicker and
// surer than asking java -version. A mere runtime has no javac and is passed by.
func jdkAt(home string) (JDK, bool) {
	if home == "" {
		return JDK{}, false
	}
	if _, err := os.Stat(filepath.Join(home, "bin", "javac")); err != nil {
		return JDK{}, false
	}
	f, err := os.Open(filepath.Join(home, "release"))
	if err != nil {
		return JDK{}, false
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		value, ok := strings.CutPrefix(s.Text(), "JAVA_VERSION=")
		if !ok {
			continue
		}
		number, _, _ := strings.Cut(strings.Trim(value, `"`), ".")
		major, err := strconv.Atoi(number)
		return JDK{Home: home, Major: major}, err == nil && major >= leastJava
	}
	return JDK{}, false
}

func findMaven() (string, error) {
	for _, v := range []string{"MAVEN_HOME", "M2_HOME"} {
		mvn := filepath.Join(os.Getenv(v), "bin", "mvn")
		if _, err := os.Stat(mvn); os.Getenv(v) != "" && err == nil {
			return mvn, nil
		}
	}
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return "", errors.New("rig: Maven is not on the PATH; install it or set MAVEN_HOME")
	}
	return mvn, nil
}
