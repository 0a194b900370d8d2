package memory_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"snapferry/awsx/sandbox/backend"
)

// TestMappingsChangeMeanwhile has some change mappings while others are judged
// by them; the race detector watches, and nobody is ever let half in.
func TestMappingsChangeMeanwhile(t *testing.T) {
	w := start(t, "3.4.0", withMaster)
	do := func(arn, call, body string) (int, string) {
		method, path, _ := strings.Cut(call, " ")
		req := httptest.NewRequestWithContext(backend.WithIdentity(t.Context(), backend.IAM(arn)), method, path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		w.c.ServeHTTP(rec, req)
		return rec.Code, rec.Body.String()
	}
	var wg sync.WaitGroup
	for n := range 3 {
		wg.Go(func() {
			role := fmt.Sprint("role", n)
			for range 10 {
				do(masterARN, "PUT "+w.api()+"roles/"+role, `{"cluster_permissions":["cluster_monitor"]}`)
				do(masterARN, "PUT "+w.api()+"rolesmapping/"+role, `{"backend_roles":["`+signerARN+`"]}`)
				do(masterARN, "DELETE "+w.api()+"rolesmapping/"+role, "")
			}
		})
		wg.Go(func() {
			for range 30 {
				if code, body := do(signerARN, "GET /_cluster/health", ""); code != 200 && code != 403 {
					t.Errorf("%d %s", code, body)
				}
				if code, body := do(signerARN, "GET "+w.api()+"rolesmapping", ""); code != 403 {
					t.Errorf("%d %s", code, body)
				}
			}
		})
	}
	wg.Wait()
	if code, body := do(signerARN, "GET /_cluster/health", ""); code != 403 {
		t.Errorf("with no mapping left: %d %s", code, body)
	}
}
