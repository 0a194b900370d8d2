package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// furnish makes the node's own folder.
func (h Home) furnish(o Options, httpPort, transportPort int) error {
	for _, d := range []string{"config", "data", "logs", "tmp"} {
		if err := os.MkdirAll(filepath.Join(o.DataDir, d), 0o755); err != nil {
			return err
		}
	}
	if err := h.link(o); err != nil {
		return err
	}
	config := filepath.Join(o.DataDir, "config")
	if o.Security != nil {
		if err := o.Security.furnish(h.Dir, config); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(config, h.recipe.engine+".yml"), []byte(o.config(httpPort, transportPort)), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(config, "log4j2.properties"), []byte(log4j), 0o600)
}

// link gives the node the modules and the plugins it is to have: security is
// there only when it is switched on, for its mere presence changes answers.
func (h Home) link(o Options) error {
	for _, d := range []string{"modules", "plugins"} {
		folder := filepath.Join(o.DataDir, d)
		if err := errors.Join(os.RemoveAll(folder), os.Mkdir(folder, 0o755)); err != nil {
			return err
		}
	}
	for _, p := range h.recipe.plugins {
		if p.dir == securityDir && o.Security == nil {
			continue
		}
		if err := os.Symlink(filepath.Join(h.Dir, p.dir), filepath.Join(o.DataDir, p.dir)); err != nil {
			return err
		}
	}
	return nil
}

func (h Home) javaArgs(ctx context.Context, o Options) ([]string, error) {
	property := "-Dopensearch."
	if h.Elasticsearch() {
		property = "-Des."
	}
	heap := o.heap()
	args := []string{
		fmt.Sprintf("-Xms%dm", heap/2), fmt.Sprintf("-Xmx%dm", heap),
		"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-cp", filepath.Join(h.Dir, "classes") + string(os.PathListSeparator) + filepath.Join(h.Dir, "lib", "*"),
		property + "path.conf=" + filepath.Join(o.DataDir, "config"),
		property + "set.netty.runtime.available.processors=false",
		"-Djava.io.tmpdir=" + filepath.Join(o.DataDir, "tmp"),
		"--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/java.util=ALL-UNNAMED",
		"--add-opens=java.base/java.lang=ALL-UNNAMED",
		"--enable-native-access=ALL-UNNAMED",
	}
	if o.S3CA != nil {
		store, err := h.trustStore(ctx, o)
		if err != nil {
			return nil, err
		}
		args = append(args, "-Djavax.net.ssl.trustStore="+store, "-Djavax.net.ssl.trustStorePassword="+storePassword)
	}
	return append(args, "Launcher", o.DataDir), nil
}

// storePassword guards nothing: the store holds one public certificate, and
// keytool insists on a password.
const storePassword = "changeit"

func (h Home) trustStore(ctx context.Context, o Options) (string, error) {
	config := filepath.Join(o.DataDir, "config")
	ca, store := filepath.Join(config, "s3-ca.pem"), filepath.Join(config, "trust.p12")
	if err := os.WriteFile(ca, o.S3CA, 0o644); err != nil {
		return "", err
	}
	if err := os.RemoveAll(store); err != nil {
		return "", err
	}
	return store, run(ctx, h.jdk.Tool("keytool"), "-importcert", "-noprompt", "-alias", "s3", "-file", ca,
		"-keystore", store, "-storetype", "PKCS12", "-storepass", storePassword)
}
