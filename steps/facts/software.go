package facts

import "strings"

// firstWithSource is the service software from which on the service names the
// account and the domain it assumes a role for (AWS developer guide,
// cross-service confused deputy prevention).
const firstWithSource = "R20211203"

// SendsSource says that the domain's software names the domain when it assumes a
// role, as conditions on aws:SourceArn and aws:SourceAccount in a trust policy
// need it. Versions read like "R20230321-P1" or "OpenSearch_2_11_R20240502"; one
// that is not known is taken for a current one.
func (d Domain) SendsSource() bool {
	i := strings.LastIndex(d.Software.Current, "R20")
	return i < 0 || d.Software.Current[i:] >= firstWithSource
}
