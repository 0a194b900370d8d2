package rig

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestMain lets this test's own program stand in for java and keytool, so that
// how a node is started, watched and ended is tested without an engine.
func TestMain(m *testing.M) {
	switch strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") {
	case "java":
		os.Exit(fakeJava())
	case "keytool":
		os.Exit(fakeKeytool())
	}
	os.Exit(m.Run())
}

// fakeJava behaves as the launcher does: secure settings from standard input up
// to a dot, then an HTTP port that answers, until standard input ends. The file
// "behave" in its folder makes it behave otherwise.
func fakeJava() int {
	dir := os.Args[len(os.Args)-1]
	behave, _ := os.ReadFile(filepath.Join(dir, "behave"))
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() && in.Text() != "." {
		fmt.Println("secure", in.Text())
	}
	fmt.Println("args", strings.Join(os.Args[1:], " "))
	switch string(behave) {
	case "die":
		fmt.Println("java.lang.IllegalArgumentException: unknown setting [x]")
		return 1
	case "port taken once":
		_ = os.Remove(filepath.Join(dir, "behave"))
		fmt.Println("java.net.BindException: Address already in use")
		return 1
	case "port always taken":
		fmt.Println("java.net.BindException: Address already in use")
		return 1
	case "mute":
		for in.Scan() {
		}
		return 0
	}
	config, err := os.ReadFile(filepath.Join(dir, "config", "opensearch.yml"))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	port := regexp.MustCompile(`http.port: (\d+)`).FindSubmatch(config)[1]
	listener, err := net.Listen("tcp", "127.0.0.1:"+string(port))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	go func() { _ = http.Serve(listener, health(string(behave))) }()
	for in.Scan() {
	}
	if string(behave) == "stubborn" {
		select {}
	}
	fmt.Println("closed")
	return 0
}

// health answers 503 at first when the node is to be slow.
func health(behave string) http.Handler {
	asked := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Method, r.URL.Path, r.Header.Get(headerUser), r.Header.Get(headerRoles), r.Header.Get(headerForwarded), string(body))
		if behave == "weak password" && r.Method == http.MethodPut {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, "Weak password")
		}
		if behave == "slow" && asked < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
}

// fakeKeytool writes the certificate it was given where the store should be.
func fakeKeytool() int {
	value := map[string]string{}
	for i, a := range os.Args[:len(os.Args)-1] {
		value[a] = os.Args[i+1]
	}
	ca, err := os.ReadFile(value["-file"])
	if err == nil {
		err = os.WriteFile(value["-keystore"], ca, 0o644)
	}
	if err != nil || value["-storetype"] != "PKCS12" {
		fmt.Println(err, value)
		return 1
	}
	return 0
}

// fakeHome is an assembled 3.4.0 whose JDK is this program.
func fakeHome(t *testing.T) Home {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("links to programs need rights on Windows")
	}
	r, err := recipeFor("3.4.0")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	jdk := t.TempDir()
	if err := os.Mkdir(filepath.Join(jdk, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"java", "keytool"} {
		if err := os.Symlink(self, filepath.Join(jdk, "bin", tool)); err != nil {
			t.Fatal(err)
		}
	}
	return Home{Version: "3.4.0", Dir: t.TempDir(), recipe: r, jdk: JDK{Home: jdk, Major: leastJava}}
}

// nodeDir is a node's folder with instructions for the fake.
func nodeDir(t *testing.T, behave string) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "behave"), behave)
	return dir
}
