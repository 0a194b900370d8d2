package session

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"snapferry/awsx/failure"
)

// retryer is the SDK's standard one, three attempts, with two changes: nobody
// waits the SDK's twenty seconds without being told why, and what will not mend
// itself (a certificate that is not trusted, a name that does not exist) is
// reported at once.
func retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxBackoff = 5 * time.Second
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(hopeless)}, o.Retryables...)
	})
}

func hopeless(err error) aws.Ternary {
	f := failure.Of(err)
	if f.Kind == failure.TLS || (f.Kind == failure.Unreachable && !f.Transient) {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}
