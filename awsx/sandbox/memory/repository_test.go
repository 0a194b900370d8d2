package memory_test

import (
	"fmt"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory"
	"snapferry/awsx/sandbox/memory/fake"
)

// registration is a body with one more or other setting.
func registration(pairs string) string {
	return strings.Replace(repositoryBody, `"settings":{`, `"settings":{`+pairs+`,`, 1)
}

func TestRegister(t *testing.T) {
	w := start(t, "2.19.4")
	w.play([]step{
		{"PUT /_snapshot/r", registration(`"compress":true,"max_snapshot_bytes_per_sec":"80mb","chunk_size":null`), 0, `{"acknowledged":true}`},
		{"GET /_snapshot/r", "", 0, `{"r":{"type":"s3","settings":{"bucket":"b","base_path":"mig","compress":"true","max_snapshot_bytes_per_sec":"80mb","role_arn":"arn:aws:iam::111111111111:role/snapshots","chunk_size":null}}}`},
		{"GET /_snapshot/_all", "", 0, `{"r":{}}`},
		{"GET /_snapshot/r,nobody", "", 404, `{"error":{"type":"repository_missing_exception","reason":"[nobody] missing"}}`},
		{"POST /_snapshot/r/_verify", "", 0, `{"nodes":{}}`},
		{"PUT /_snapshot/x", registration(`"storage_class":"glacier"`), 500, `{"error":{"reason":"[x] failed to create repository","caused_by":{"reason":"Glacier storage class is not supported"}}}`},
		{"PUT /_snapshot/x", registration(`"storage_class":"golden"`), 500, "{\"error\":{\"caused_by\":{\"reason\":\"`golden` is not a valid S3 Storage Class.\"}}}"},
		{"PUT /_snapshot/x", registration(`"storage_class":"STANDARD_IA"`), 0, ``},
		{"PUT /_snapshot/x", registration(`"readonly":"yes"`), 500, `{"error":{"caused_by":{"reason":"Failed to parse value [yes] as only [true] or [false] are allowed."}}}`},
		{"PUT /_snapshot/x", registration(`"chunk_size":"5mb","buffer_size":"10mb"`), 500, `{"error":{"reason":"[x] chunk_size (5mb) can't be lower than buffer_size (10mb)."}}`},
		{"PUT /_snapshot/x", registration(`"chunk_size":"2tb","buffer_size":"5gb"`), 0, ``},
		{"DELETE /_snapshot/x*", "", 0, ``},
		{"DELETE /_snapshot/x*", "", 404, `{"error":{"reason":"[x*] missing"}}`},
		{"GET /_snapshot", "", 0, `{"r":{},"x":null}`},
	})
}

func TestRegisterWithoutVerification(t *testing.T) {
	w := start(t, "2.19.4")
	w.bucket.Refuse = func(string, string) error { return fake.Denied() }
	w.play([]step{
		{"PUT /_snapshot/q?verify=false", repositoryBody, 0, ``},
		{"PUT /_snapshot/b", strings.Replace(repositoryBody, `{"type"`, `{"verify":false,"type"`, 1), 0, ``},
		{"PUT /_snapshot/v?verify=perhaps", repositoryBody, 400, ``},
		{"POST /_snapshot/q/_verify", "", 500, `{"error":{"type":"repository_verification_exception"}}`},
		{"POST /_snapshot/q/_cleanup", "", 500, `{"error":{"type":"repository_exception"}}`},
	})
}

// TestFailedVerification: what the service's own role is refused, nested as the
// engines nest it, and the registration that stays behind.
func TestFailedVerification(t *testing.T) {
	for _, tc := range []struct {
		v, what              string
		manager, inner, deep string
	}{
		{"7.10.2", "sts", "master", "a_w_s_security_token_service_exception", "not authorized to perform: sts:AssumeRole (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied; Request ID: REQ1)"},
		{"2.19.4", "sts", "cluster-manager", "sts_exception", "not authorized to perform: sts:AssumeRole (Service: Sts, Status Code: 403, Request ID: REQ1)"},
		{"3.4.0", "sts", "cluster-manager", "sts_exception", "not authorized to perform: sts:AssumeRole (Service: Sts, Status Code: 403, Request ID: REQ1) (SDK Attempt Count: 1)"},
		{"7.10.2", "s3", "master", "amazon_s3_exception", "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: REQ1)"},
		{"2.11.0", "s3", "cluster-manager", "amazon_s3_exception", "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: REQ1)"},
		{"2.19.4", "s3", "cluster-manager", "s3_exception", "Access Denied (Service: S3, Status Code: 403, Request ID: REQ1)"},
		{"1.3.0", "s3", "master", "amazon_s3_exception", "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: REQ1)"},
	} {
		t.Run(tc.v+" "+tc.what, func(t *testing.T) {
			w := start(t, tc.v)
			if tc.what == "sts" {
				w.bucket.OpenError = fake.NotTrusted()
			} else {
				w.bucket.Refuse = func(string, string) error { return fake.Denied() }
			}
			a := w.do("PUT /_snapshot/r", repositoryBody)
			if a.status != 500 {
				t.Fatalf("%d %s", a.status, a.raw)
			}
			a.is("repository_verification_exception", "error", "type")
			a.is("[r] path [mig] is not accessible on "+tc.manager+" node", "error", "reason")
			a.is("i_o_exception", "error", "caused_by", "type")
			a.is(tc.inner, "error", "caused_by", "caused_by", "type")
			a.is(tc.deep, "error", "caused_by", "caused_by", "reason")
			a.is("repository_verification_exception", "error", "root_cause", 0, "type")
			w.play([]step{{"GET /_snapshot/r", "", 0, `{"r":{"type":"s3"}}`}})
			// Mended, it works without being registered anew.
			w.bucket.OpenError, w.bucket.Refuse = nil, nil
			w.play([]step{{"POST /_snapshot/r/_verify", "", 0, ``}})
		})
	}
}

// Every node takes part in a verification.
func TestVerifyNamesTheNodes(t *testing.T) {
	w := start(t, "3.4.0", three)
	w.must("PUT /_snapshot/r", repositoryBody)
	if n := len(w.must("POST /_snapshot/r/_verify").at("nodes").(map[string]any)); n != 3 {
		t.Errorf("%d nodes", n)
	}
	w.bucket.Refuse = func(op, _ string) error {
		if op == "get" {
			return fake.Denied()
		}
		return nil
	}
	a := w.do("POST /_snapshot/r/_verify")
	if got := strings.Count(fmt.Sprint(a.at("error", "reason")), "Failed to verify repository"); got != 3 {
		t.Errorf("%d nodes failed: %s", got, a.raw)
	}
}

// An explicit throttle below the default is obeyed to the letter, at any pace.
func TestThrottles(t *testing.T) {
	w := start(t, "2.19.4", func(o *memory.Options) { o.Nodes = 2 })
	w.must("PUT /a", `{"settings":{"number_of_replicas":0}}`)
	w.bulk("a", 0, 500)
	w.must("PUT /_snapshot/r", registration(`"max_snapshot_bytes_per_sec":"1kb","max_restore_bytes_per_sec":"2kb"`))
	began := w.clock.at
	w.must("PUT /_snapshot/r/s?wait_for_completion=true", `{"indices":"a"}`)
	took := w.clock.at.Sub(began)
	size := w.must("GET /_snapshot/r/s/_status").at("snapshots", 0, "stats", "incremental", "size_in_bytes").(float64)
	if want := size / 2048; took.Seconds() < want*0.99 || took.Seconds() > want*1.01 {
		t.Errorf("%v bytes at 1 KiB/s on two nodes took %s, want %.1fs", size, took, want)
	}
	w.must("DELETE /a")
	began = w.clock.at
	w.must("POST /_snapshot/r/s/_restore?wait_for_completion=true", `{"indices":"a"}`)
	if back := w.clock.at.Sub(began); back.Seconds() < took.Seconds()*0.49 || back.Seconds() > took.Seconds()*0.51 {
		t.Errorf("the way back took %s at twice the speed of %s", back, took)
	}
}

func TestRepositoryInUse(t *testing.T) {
	const refusal = `{"error":{"type":"illegal_state_exception","reason":"trying to modify or unregister repository that is currently used"}}`
	w := stocked(t, "3.4.0", slow)
	w.must("PUT /_snapshot/idle", strings.Replace(repositoryBody, "mig", "other", 1))
	w.must("PUT /_snapshot/r/s1", `{"indices":"orders"}`)
	w.play([]step{
		{"DELETE /_snapshot/r", "", 500, refusal},
		{"PUT /_snapshot/r", repositoryBody, 0, ``},
		{"PUT /_snapshot/r", registration(`"max_restore_bytes_per_sec":"80mb"`), 0, ``},
		{"PUT /_snapshot/r", registration(`"compress":"true"`), 500, refusal},
		{"DELETE /_snapshot/idle", "", 0, ``},
	})
	old := stocked(t, "2.19.4", slow)
	old.must("PUT /_snapshot/r/s1", `{"indices":"orders"}`)
	old.play([]step{{"PUT /_snapshot/r", registration(`"max_restore_bytes_per_sec":"80mb"`), 500, refusal}, {"PUT /_snapshot/r", repositoryBody, 0, ``}})
}

func TestListing(t *testing.T) {
	w := stocked(t, "2.19.4")
	for _, n := range []string{"daily-1", "daily-2", "weekly"} {
		w.must("PUT /_snapshot/r/"+n+"?wait_for_completion=true", `{"indices":"orders"}`)
	}
	for path, want := range map[string]string{
		"_all": "daily-1 daily-2 weekly", "*": "daily-1 daily-2 weekly", "daily-*": "daily-1 daily-2", "weekly,daily-1": "daily-1 weekly", "zz*?ignore_unavailable=true": "", "zz*,weekly": "weekly",
		"weekly,nobody?ignore_unavailable=true": "weekly", "_all?verbose=false": "daily-1 daily-2 weekly",
	} {
		var got []string
		a := w.must("GET /_snapshot/r/" + path)
		for i := range a.at("snapshots").([]any) {
			got = append(got, a.at("snapshots", i, "snapshot").(string))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", path, got, want)
		}
	}
	// One description is gone: the list says so, or leaves it out on request.
	w.bucket.Lose(w.bucket.Keys("mig/snap-")[0])
	w.play([]step{
		{"GET /_snapshot/r/_all", "", 404, `{"error":{"type":"snapshot_missing_exception","caused_by":{"type":"no_such_file_exception"}}}`},
		{"GET /_snapshot/r/_all?ignore_unavailable=true", "", 0, `{"snapshots":[{},{}]}`},
		{"GET /_snapshot/r/_all?verbose=false", "", 0, `{"snapshots":[{},{},{}]}`},
		{"GET /_snapshot/r/zz*", "", 404, `{"error":{"type":"snapshot_missing_exception","reason":"[r:zz*] is missing"}}`},
		{"DELETE /_snapshot/r/zz*", "", 0, `{"acknowledged":true}`},
		{"DELETE /_snapshot/r/daily-1,weekly,nobody", "", 404, ``},
		{"DELETE /_snapshot/r/*", "", 0, ``},
		{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[]}`},
	})
}

func TestReadersMayNotWrite(t *testing.T) {
	n := snapped(t, "3.4.0").neighbour("3.4.0")
	n.bucket.Written()
	n.play([]step{
		{"PUT /_snapshot/r/s2", `{}`, 500, `{"error":{"reason":"[r] cannot create snapshot in a readonly repository"}}`},
		{"DELETE /_snapshot/r/s1", "", 500, `{"error":{"reason":"[r] cannot delete snapshot from a readonly repository"}}`},
		{"POST /_snapshot/r/s1/_restore?wait_for_completion=true", "", 0, ``},
	})
	if w := n.bucket.Written(); len(w) != 0 {
		t.Errorf("a reader wrote %v", w)
	}
}
