package ask

import (
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// isRegion says that a question is answered with a region.
func (q Question) isRegion() bool { return strings.HasSuffix(string(q.Key), ".region") }

// slotBucket asks for the bucket's region and not for a side's.
const slotBucket = "bucket"

// questioned has a region proven that may be new, before anything is looked up there.
func (w *walk) questioned(q Question, side steps.Side, slot string) Question {
	if said := awsid.Region(strings.TrimSpace(w.a.said[q.Key])); said != "" && !said.Known() {
		q.Proof = Request{Region, side, slot}
	}
	return q
}

// RegionAt is the region that a request for its proof is about.
func (a *Answers) RegionAt(r Request) awsid.Region {
	key := Key(r.Side) + ".region"
	if r.Slot == slotBucket {
		key = "bucket.region"
	}
	return awsid.Region(strings.TrimSpace(a.Get(key)))
}

// agreesRegion refuses a region that is not there: any but those of the sandbox, and
// one that AWS cannot have made.
func (q Question) agreesRegion(raw string) *steps.Error {
	r, err := awsid.ParseRegion(raw)
	switch {
	case err != nil: // which is told by whoever parses it
		return nil
	case q.Only != "" && string(r) != q.Only:
		return refuse(q, steps.T("The sandbox has nothing in %s", string(r)), steps.T("Its domains are in %s; leave --sandbox out to work with the real AWS", q.Only))
	case !r.Known() && !r.Possible():
		return refuse(q, steps.T("AWS has no region %s", string(r)), steps.T("Near it are %s", Near(r)))
	}
	return nil
}

// Doubt is what is to be said of a region that AWS may have made since; nil for one
// that is known.
func Doubt(r awsid.Region) *steps.Error {
	if r.Known() {
		return nil
	}
	return &steps.Error{
		Summary: steps.T("No region %s is known here", string(r)),
		Fix:     steps.T("Correct it: near it are %s. If AWS has made it since, go on with it", Near(r)),
	}
}

// Near are the regions that were probably meant by one that nobody knows, on the same
// continent where there is one.
func Near(r awsid.Region) string {
	continent, _, _ := strings.Cut(string(r), "-")
	all := awsid.Regions()
	var there []string
	for _, known := range all {
		if strings.HasPrefix(known, continent+"-") {
			there = append(there, known)
		}
	}
	nearest := spec.Nearest(string(r), there)
	if nearest == "" {
		nearest = spec.Nearest(string(r), all)
	}
	if nearest == "" {
		return "us-east-1, eu-west-1"
	}
	direction := nearest[:strings.LastIndexByte(nearest, '-')+1]
	var list []string
	for _, known := range all {
		if strings.HasPrefix(known, direction) {
			list = append(list, known)
		}
	}
	return strings.Join(list, ", ")
}
