package rig

import (
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// copyDependencies and copyArtifact are the Maven goals that put a class path and
// one artifact into a folder.
const (
	copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
	copyArtifact     = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
)

type pom struct {
	XMLName      xml.Name     `xml:"project"`
	ModelVersion string       `xml:"modelVersion"`
	GroupID      string       `xml:"groupId"`
	ArtifactID   string       `xml:"artifactId"`
	Version      string       `xml:"version"`
	Packaging    string       `xml:"packaging"`
	Dependencies []coordinate `xml:"dependencies>dependency"`
}

type coordinate struct {
	GroupID    string `xml:"groupId"`
	ArtifactID string `xml:"artifactId"`
	Version    string `xml:"version"`
}

func pomOf(artifacts []string) ([]byte, error) {
	p := pom{ModelVersion: "4.0.0", GroupID: "snapferry.rig", ArtifactID: "classpath", Version: "1", Packaging: "pom"}
	for _, a := range artifacts {
		parts := strings.Split(a, ":")
		if len(parts) != 3 {
			return nil, fmt.Errorf("%q is not GROUP:ARTIFACT:VERSION", a)
		}
		p.Dependencies = append(p.Dependencies, coordinate{parts[0], parts[1], parts[2]})
	}
	return xml.MarshalIndent(p, "", "  ")
}

func mavenFetch(ctx context.Context, scratch, dir string, artifacts []string) error {
	mvn, err := findMaven()
	if err != nil {
		return err
	}
	doc, err := pomOf(artifacts)
	if err != nil {
		return err
	}
	file := filepath.Join(scratch, "pom.xml")
	if err := os.WriteFile(file, doc, 0o644); err != nil {
		return err
	}
	return run(ctx, mvn, "-q", "-B", "-f", file, copyDependencies, "-DincludeScope=runtime", "-DoutputDirectory="+dir)
}

func mavenZip(ctx context.Context, scratch, artifact string) (string, error) {
	mvn, err := findMaven()
	if err != nil {
		return "", err
	}
	parts := strings.Split(artifact, ":")
	err = run(ctx, mvn, "-q", "-B", copyArtifact, "-Dartifact="+artifact+":zip", "-DoutputDirectory="+scratch)
	return filepath.Join(scratch, parts[1]+"-"+parts[2]+".zip"), err
}

// run executes a program and quotes the end of its output when it fails.
func run(ctx context.Context, program string, args ...string) error {
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return fmt.Errorf("%s: %w\n%s", filepath.Base(program), err, tail(out))
}

// tail is the end of a program's output: what it said last is mostly why.
func tail(out []byte) string {
	const most = 4000
	if len(out) > most {
		out = out[len(out)-most:]
	}
	return strings.TrimSpace(string(out))
}
