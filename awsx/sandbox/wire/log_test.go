package wire_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/wire"
)

var at = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func openLog(t *testing.T, dir string) *wire.Log {
	t.Helper()
	l, err := wire.OpenLog(dir, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestRequestsAreWrittenDown(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	ann := access.Caller{Account: "111111111111", Session: awsid.ARN{Partition: "aws", Service: "iam", Account: "111111111111", Resource: "user/ann"}}
	h := l.Serve("iam", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := wire.CallOf(r.Context())
		call.Operation, call.Caller, call.Mutates = "CreateRole", ann, true
		r.URL.Path = "/rewritten"
		_, _ = io.WriteString(w, call.ID)
	}))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "https://iam.amazonaws.com/?a=b%2Fc", nil))
	got, err := wire.ReadLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []wire.Entry{{
		Time: at, ID: rec.Header().Get("X-Amzn-Requestid"), Service: "iam", Operation: "CreateRole", Account: "111111111111",
		Principal: "arn:aws:iam::111111111111:user/ann", Method: "POST", Host: "iam.amazonaws.com", Path: "/?a=b%2Fc", Status: 200, Mutates: true,
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if rec.Header().Get("Date") != "Sun, 22 Nov 2026 10:00:00 GMT" {
		t.Errorf("date %s", rec.Header().Get("Date"))
	}
	if rec.Body.String() != want[0].ID || len(want[0].ID) != 36 {
		t.Errorf("id %q, seen by the service as %q", want[0].ID, rec.Body)
	}
}

func TestSignedUrlsKeepTheirProof(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	h := l.Serve("s3", http.NotFoundHandler())
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "https://s3.amazonaws.com/b/k?X-Amz-Signature=SECRET&X-Amz-Security-Token=TOKEN&versionId=3", nil))
	raw, err := os.ReadFile(filepath.Join(dir, wire.LogFile))
	if err != nil || strings.Contains(string(raw), "SECRET") || strings.Contains(string(raw), "TOKEN") || !strings.Contains(string(raw), "versionId=3") {
		t.Errorf("%v %s", err, raw)
	}
}

func TestLogGoesOnAndForgivesATornLine(t *testing.T) {
	dir := t.TempDir()
	if got, err := wire.ReadLog(dir); err != nil || got != nil {
		t.Errorf("no log yet: %v, %v", got, err)
	}
	serve := func() {
		l := openLog(t, dir)
		l.Serve("s3", http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "https://s3.amazonaws.com/", nil))
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	serve()
	serve()
	f, err := os.OpenFile(filepath.Join(dir, wire.LogFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.WriteString(`{"time":"2026`)
	f.Close()
	got, err := wire.ReadLog(dir)
	if err != nil || len(got) != 2 || got[1].Status != http.StatusNotFound {
		t.Errorf("%+v, %v", got, err)
	}
	serve()
	if got, err = wire.ReadLog(dir); err != nil || len(got) != 3 {
		t.Errorf("an entry was lost behind a torn line: %d, %v", len(got), err)
	}
}

func TestChanged(t *testing.T) {
	for _, tc := range []struct {
		e    wire.Entry
		want bool
	}{
		{wire.Entry{Mutates: true, Status: 200}, true},
		{wire.Entry{Mutates: true, Status: 204}, true},
		{wire.Entry{Mutates: true, Status: 403}, false},
		{wire.Entry{Mutates: true, Status: 409}, false},
		{wire.Entry{Mutates: true, Status: 500}, true},
		{wire.Entry{Status: 200}, false},
	} {
		if got := tc.e.Changed(); got != tc.want {
			t.Errorf("%+v: %v", tc.e, got)
		}
	}
}
