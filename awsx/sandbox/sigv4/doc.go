// Package sigv4 verifies AWS Signature Version 4 on requests to the embedded
// AWS: the Authorization header, the presigned query form, and the signed
// chunks of S3 uploads. Refusals carry the words AWS itself uses, because other
// programs (and our own error decoder) recognise causes by them.
//
// It knows no policy, no service operation and no stored key: who owns a key is
// asked from the caller. Apart from reading the body it is given it is pure,
// and it shares no code with any signer, so that a mistake of ours cannot
// cancel itself out.
package sigv4
