package rig

import (
	"fmt"
	"strconv"
	"strings"
)

// Options says which node to start.
type Options struct {
	// Version is one of Versions.
	Version string
	// Name is the cluster's name; empty means "rig".
	Name string
	// DataDir is the node's own folder: config, data and logs. Started again
	// with the same folder, a node comes back with its indices.
	DataDir string
	// PathRepo are the folders in which file repositories may be registered.
	PathRepo []string
	// S3 are the clients a repository may name; their keys are fixed when the
	// node starts, which is why a role is bound to a client and not the other
	// way round. Only versions with the S3 plugin take any.
	S3 []Client
	// S3Endpoint is HOST:PORT of the object store.
	S3Endpoint string
	// S3CA is the PEM certificate of the store's authority. With it the store is
	// reached over TLS, without it in plain.
	S3CA []byte
	// S3Region is the clients' region; empty means us-east-1.
	S3Region string
	// HeapMB is the most heap in megabytes; 0 means 1024. A node needs about
	// half as much again in all.
	HeapMB int
	// Security switches fine-grained access control on; nil leaves it off.
	Security *Security
	// Settings are further lines of the engine's own configuration file.
	Settings map[string]string
}

// Client is one set of credentials for S3 under a name.
type Client struct {
	Name         string
	AccessKey    string
	SecretKey    string
	SessionToken string
}

func (o Options) heap() int {
	if o.HeapMB == 0 {
		return 1024
	}
	return o.HeapMB
}

// config is the engine's configuration file for these options.
func (o Options) config(httpPort, transportPort int) string {
	var b strings.Builder
	line := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	name := o.Name
	if name == "" {
		name = "rig"
	}
	line("cluster.name", strconv.Quote(name))
	line("node.name", strconv.Quote(name+"-1"))
	line("discovery.type", "single-node")
	line("network.host", "127.0.0.1")
	line("http.port", strconv.Itoa(httpPort))
	line("transport.port", strconv.Itoa(transportPort))
	// The machine's disk is not the test's matter: a full one would turn
	// indices read-only.
	line("cluster.routing.allocation.disk.threshold_enabled", "false")
	if len(o.PathRepo) > 0 {
		quoted := make([]string, len(o.PathRepo))
		for i, p := range o.PathRepo {
			quoted[i] = strconv.Quote(p)
		}
		line("path.repo", "["+strings.Join(quoted, ", ")+"]")
	}
	for _, c := range o.S3 {
		client := "s3.client." + c.Name + "."
		line(client+"endpoint", o.S3Endpoint)
		line(client+"protocol", map[bool]string{true: "https", false: "http"}[o.S3CA != nil])
		line(client+"path_style_access", "true")
		line(client+"region", o.region())
		line(client+"max_retries", "1")
	}
	for _, setting := range o.Security.settings() {
		line(setting[0], setting[1])
	}
	for key, value := range o.Settings {
		line(key, value)
	}
	return b.String()
}

func (o Options) region() string {
	if o.S3Region == "" {
		return "us-east-1"
	}
	return o.S3Region
}

// secrets is what the launcher reads first from its standard input.
func (o Options) secrets() string {
	var b strings.Builder
	for _, c := range o.S3 {
		client := "s3.client." + c.Name + "."
		fmt.Fprintf(&b, "%saccess_key=%s\n%ssecret_key=%s\n", client, c.AccessKey, client, c.SecretKey)
		if c.SessionToken != "" {
			fmt.Fprintf(&b, "%ssession_token=%s\n", client, c.SessionToken)
		}
	}
	return b.String() + ".\n"
}

func (o Options) check(h Home) error {
	switch {
	case o.DataDir == "":
		return fmt.Errorf("rig: no folder given for the node %s", o.Version)
	case len(o.S3) > 0 && !h.S3():
		return fmt.Errorf("rig: no S3 plugin is published for %s; use a file repository below PathRepo", o.Version)
	case len(o.S3) > 0 && o.S3Endpoint == "":
		return fmt.Errorf("rig: S3 clients without an S3 endpoint")
	}
	return o.Security.check(h)
}

// log4j sends everything to the console, that is, to our log file.
const log4j = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`
