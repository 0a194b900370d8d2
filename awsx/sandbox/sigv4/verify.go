package sigv4

import (
	"net/http"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
)

// Verifier says what a request must be signed for. It is a value: a service
// whose region depends on the request copies it and sets Region.
type Verifier struct {
	// Service is the signing name: es, sts, iam, s3, kms. "s3" switches to S3's
	// canonical path, payload and refusal rules.
	Service string
	// Region the scope must name; "" accepts any.
	Region awsid.Region
	// Tolerance is how far the clocks may be apart: 5 minutes for es, 15
	// minutes for sts, iam, kms and s3.
	Tolerance time.Duration
	// Now is the service's clock.
	Now func() time.Time
	// Lookup finds a key's owner and secret; access.Gate.Key has this form. A
	// *access.Refusal it returns reaches the caller unchanged, S3 apart, which
	// has its own words for a bad key.
	Lookup func(accessKeyID, sessionToken string) (access.Caller, string, error)
	// AllowAnonymous lets unsigned requests through with Caller.Anonymous set,
	// for services that have a policy of their own to decide on them. A request
	// with another kind of Authorization (Basic) counts as unsigned.
	AllowAnonymous bool
	// MaxBody bounds the body that is held in memory to be hashed, in bytes; 0
	// means 100 MiB. S3 bodies are streamed and not bounded.
	MaxBody int64
}

// Verified is what a request turned out to be.
type Verified struct {
	Caller access.Caller
	// Region is the one named in the scope, "" for anonymous callers.
	Region awsid.Region
	// Time is the signature's time, zero for anonymous callers.
	Time time.Time
	// Length is the payload's length in bytes, without the framing of
	// aws-chunked; -1 where the request does not tell.
	Length int64
	// Trailer gives the checksum headers that came after an aws-chunked body.
	// It is complete once r.Body has returned io.EOF, and never nil.
	Trailer func() http.Header
}

// Verify checks the signature of a request as the service received it: r.Host
// is the name the client meant, r.RequestURI (or r.URL, for a request that never
// was on a wire) the target as sent. Outside S3 the target is normalised before
// it is compared, so whoever routes by it must normalise it too.
//
// It replaces r.Body. For S3 the new body is decoded from aws-chunked and fails
// with a *access.Refusal where a chunk's signature or the payload's hash is
// wrong, so nothing read from it may be kept before io.EOF; for other services it
// is a copy in memory that was already checked, and r.ContentLength its length.
//
// Errors are *access.Refusal, or the reader's own where the body broke off.
func (v Verifier) Verify(r *http.Request) (Verified, error) {
	cl, err := v.claim(r)
	if err != nil {
		return Verified{}, err
	}
	if cl == nil {
		return v.anonymous(r)
	}
	if err := v.timely(cl); err != nil {
		return Verified{}, err
	}
	if err := v.coverage(r, cl); err != nil {
		return Verified{}, err
	}
	if err := v.scope(cl); err != nil {
		return Verified{}, err
	}
	caller, secret, err := v.Lookup(cl.key, cl.token)
	if err != nil {
		return Verified{}, v.keyRefusal(err, cl)
	}
	// The body is looked at only now: an unknown caller must not make us read it.
	payload, err := v.payload(r, cl)
	if err != nil {
		return Verified{}, err
	}
	canonical, ok := canonicalRequest(r, cl, payload.hash, v.s3())
	if !ok {
		return Verified{}, v.refuse(badSignature, "")
	}
	key := signingKey(secret, cl.date, cl.region, cl.service)
	if !equal(sign(key, stringToSign(cl, canonical)), cl.signature) {
		return Verified{}, v.refuse(badSignature, "")
	}
	out := Verified{Caller: caller, Region: awsid.Region(cl.region), Time: cl.at, Length: payload.length}
	out.Trailer = payload.attach(r, &chain{key: key, stamp: cl.stamp, scope: cl.scopeLine(), last: cl.signature})
	return out, nil
}

func (v Verifier) s3() bool { return v.Service == "s3" }

func (v Verifier) anonymous(r *http.Request) (Verified, error) {
	if !v.AllowAnonymous {
		return Verified{}, v.refuse(missingToken, "")
	}
	payload, err := v.payload(r, &claim{})
	if err != nil {
		return Verified{}, err
	}
	if payload.signedChunks() {
		return Verified{}, v.refuse(missingToken, "")
	}
	out := Verified{Caller: access.Caller{Anonymous: true}, Length: payload.length}
	out.Trailer = payload.attach(r, nil)
	return out, nil
}

// timely compares the signature's time with the clock, and a presigned URL with
// its own end.
func (v Verifier) timely(cl *claim) error {
	now := v.Now().UTC().Truncate(time.Second)
	if cl.presigned && v.s3() {
		// A presigned URL may be older than the tolerance, but not from the future.
		if now.After(cl.at.Add(cl.lifetime)) {
			return v.refuse(urlExpired, "")
		}
	} else if earliest := now.Add(-v.Tolerance); cl.at.Before(earliest) {
		return v.refuse(tooOld, skewText("Signature expired: %s is now earlier than %s (%s - %d min.)", cl.at, earliest, now, v.Tolerance))
	}
	if latest := now.Add(v.Tolerance); cl.at.After(latest) {
		return v.refuse(tooYoung, skewText("Signature not yet current: %s is still later than %s (%s + %d min.)", cl.at, latest, now, v.Tolerance))
	}
	return nil
}
