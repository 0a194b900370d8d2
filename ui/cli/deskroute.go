package cli

import (
	"context"
	"strings"

	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/ui/panel"
)

// Route is what was known of both sides and the bucket after the last deed, with the time
// that is left now: a run is a long deed, and in it sessions are renewed.
func (d *desk) Route() panel.Route {
	d.seen.Lock()
	defer d.seen.Unlock()
	r := d.route
	if d.learned == nil {
		return r
	}
	for side, e := range map[steps.Side]*panel.End{steps.Source: &r.Source, steps.Target: &r.Target} {
		until, of := d.learned.Ends(side)
		if until.IsZero() {
			continue
		}
		if e.Expires, e.Ends = until, ""; of != facts.Signer {
			e.Ends = string(of)
		}
	}
	return r
}

// learn notes for Route what the deed found out. What was learned of a domain with
// answers before these stays as long as they name the same one, and of a bucket as long
// as they are the same answers: a run forgets what it knew of what it changes.
func (d *desk) learn() {
	if d.spec == nil {
		return
	}
	r := panel.Route{Source: d.side(steps.Source), Target: d.side(steps.Target)}
	if b := d.spec.Bucket; b.Name != "" {
		r.Bucket = panel.Store{Name: string(b.Name), Region: string(b.Region), Encryption: d.encryption(), Owner: b.Owner}
	}
	d.seen.Lock()
	defer d.seen.Unlock()
	if was := d.route.Bucket; r.Bucket.Encryption == "" && r.Bucket.Name == was.Name && d.learned == d.facts {
		r.Bucket.Encryption = was.Encryption
	}
	r.Source, r.Target = keeping(d.route.Source, r.Source), keeping(d.route.Target, r.Target)
	d.route, d.learned = r, d.facts
}

// The encryptions of a bucket, in the header's words.
const (
	withS3  = "SSE-S3"
	withKMS = "SSE-KMS"
)

// encryption is that of the bucket where it is there, and of the answers where it is
// to be made; "" while neither is known.
func (d *desk) encryption() string {
	said := withS3
	if !d.spec.Bucket.KMSKey.IsZero() {
		said = withKMS
	}
	if d.facts == nil {
		return ""
	}
	ctx := facts.Remembered(context.Background())
	b, err := d.facts.Store(ctx)
	switch {
	case err != nil:
		return ""
	case b == nil:
		return said
	}
	switch c, err := d.facts.BucketEncryption(ctx); {
	case err != nil:
		return ""
	case c == nil || !strings.HasPrefix(c.Algorithm, "aws:kms"):
		return withS3
	}
	return withKMS
}

// side is one side as far as it is known without asking anybody.
func (d *desk) side(side steps.Side) panel.End {
	s := d.spec.Side(side)
	e := panel.End{Account: s.Account, Domain: string(s.Domain)}
	if e.Domain == "" {
		e.Domain = s.Endpoint
	}
	if d.facts == nil {
		return e
	}
	ctx := facts.Remembered(context.Background())
	if domain, err := d.facts.Domain(ctx, side); err == nil {
		e.Engine = domain.Version.String()
	}
	if who, err := d.facts.Identity(ctx, side, facts.Signer); err == nil {
		e.Who, e.Expires = steps.T("%s via %s", who.Principal.Name(), s.Signer.Origin()), who.Expires
		if e.Account == "" {
			e.Account = who.Account
		}
	}
	return e
}

// keeping gives an end with what was learned of the same one before.
func keeping(was, is panel.End) panel.End {
	if was.Domain == is.Domain && (was.Account == is.Account || is.Account == "") {
		is.Account = was.Account
		if is.Engine == "" {
			is.Engine = was.Engine
		}
		if is.Who.IsZero() {
			is.Who, is.Expires = was.Who, was.Expires
		}
	}
	return is
}
