package facts_test

import (
	"testing"

	"snapferry/steps/facts"
)

func TestSendsSource(t *testing.T) {
	for software, sends := range map[string]bool{
		"": true, "R20211203": true, "R20211203-P2": true, "R20211202-P9": false, "R20200910": false,
		"OpenSearch_2_11_R20240502": true, "OpenSearch_2_11_20240502-P3": true, "Elasticsearch_R20190221": false, "Elasticsearch_7_10_R20210816": false, "unknown": true,
	} {
		var d facts.Domain
		d.Software.Current = software
		if d.SendsSource() != sends {
			t.Errorf("%q sends a source: %v", software, !sends)
		}
	}
}
