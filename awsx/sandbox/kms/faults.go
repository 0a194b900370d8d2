package kms

import (
	"fmt"
	"net/http"

	"snapferry/awsx/sandbox/wire"
)

// The refusals of KMS. Every one is a 400; the code tells them apart. Sentences
// are as the service words them where that is published.
func fault(code, format string, args ...any) error {
	return wire.NewFault(http.StatusBadRequest, code, fmt.Sprintf(format, args...))
}

func denied(words string) error { return fault("AccessDeniedException", "%s", words) }

func noKey(arn string) error { return fault("NotFoundException", "Key '%s' does not exist", arn) }

func noAlias(arn string) error { return fault("NotFoundException", "Alias %s is not found.", arn) }

func invalid(format string, args ...any) error {
	return fault("ValidationException", format, args...)
}

func disabled(arn string) error { return fault("DisabledException", "%s is disabled.", arn) }

func pending(arn string) error {
	return fault("KMSInvalidStateException", "%s is pending deletion.", arn)
}
