package rig

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConfig(t *testing.T) {
	o := Options{
		Version: "3.4.0", DataDir: "d", PathRepo: []string{`/a "b"`}, S3Endpoint: "127.0.0.1:9000", S3CA: []byte("pem"),
		S3: []Client{{Name: "slot1", AccessKey: "AK", SecretKey: "SK"}}, Settings: map[string]string{"node.max_local_storage_nodes": "1"},
	}
	want := `cluster.name: "rig"
node.name: "rig-1"
discovery.type: single-node
network.host: 127.0.0.1
http.port: 1
transport.port: 2
cluster.routing.allocation.disk.threshold_enabled: false
path.repo: ["/a \"b\""]
s3.client.slot1.endpoint: 127.0.0.1:9000
s3.client.slot1.protocol: https
s3.client.slot1.path_style_access: true
s3.client.slot1.region: us-east-1
s3.client.slot1.max_retries: 1
node.max_local_storage_nodes: 1
`
	if d := cmp.Diff(want, o.config(1, 2)); d != "" {
		t.Error(d)
	}
	o.S3CA = nil
	if !strings.Contains(o.config(1, 2), "protocol: http\n") {
		t.Error("without an authority the store is reached in plain")
	}
}

func TestSecretsNeverInTheConfig(t *testing.T) {
	o := Options{Name: "n", S3: []Client{{Name: "slot1", AccessKey: "AKIAX", SecretKey: "hush", SessionToken: "tok"}, {Name: "slot2", AccessKey: "B", SecretKey: "C"}}}
	want := "s3.client.slot1.access_key=AKIAX\ns3.client.slot1.secret_key=hush\ns3.client.slot1.session_token=tok\n" +
		"s3.client.slot2.access_key=B\ns3.client.slot2.secret_key=C\n.\n"
	if d := cmp.Diff(want, o.secrets()); d != "" {
		t.Error(d)
	}
	for _, secret := range []string{"AKIAX", "hush", "tok"} {
		if strings.Contains(o.config(1, 2), secret) {
			t.Errorf("%q stands in the configuration file", secret)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	client := []Client{{Name: "default"}}
	for name, tc := range map[string]struct {
		o    Options
		want string
	}{
		"no folder":       {Options{Version: "7.10.2"}, "no folder"},
		"no S3 plugin":    {Options{Version: "2.19.4", DataDir: "d", S3: client, S3Endpoint: "e"}, "no S3 plugin is published for 2.19.4"},
		"no S3 endpoint":  {Options{Version: "3.4.0", DataDir: "d", S3: client}, "without an S3 endpoint"},
		"no security":     {Options{Version: "3.8.0", DataDir: "d", Security: &Security{MasterARN: "a"}}, "no security plugin is published for 3.8.0"},
		"no master":       {Options{Version: "3.4.0", DataDir: "d", Security: &Security{}}, "has one master"},
		"two masters":     {Options{Version: "3.4.0", DataDir: "d", Security: &Security{MasterARN: "a", MasterUser: "u", MasterPassword: "p"}}, "has one master"},
		"no password":     {Options{Version: "3.4.0", DataDir: "d", Security: &Security{MasterUser: "u"}}, "a name and a password"},
		"all that is due": {Options{Version: "3.4.0", DataDir: "d", S3: client, S3Endpoint: "e"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := recipeFor(tc.o.Version)
			if err != nil {
				t.Fatal(err)
			}
			err = tc.o.check(Home{Version: tc.o.Version, recipe: r})
			if (err != nil) != (tc.want != "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
