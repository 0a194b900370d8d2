package iam

import (
	"fmt"
	"net/http"
	"regexp"

	"snapferry/awsx/sandbox/wire"
)

// noSuch and the functions below are the refusals of IAM. Codes and statuses are
// those of the API reference; the sentences are as the service words them, since
// people and error decoders recognise causes by them.
func noSuch(format string, args ...any) error {
	return wire.NewFault(http.StatusNotFound, "NoSuchEntity", fmt.Sprintf(format, args...))
}

func exists(format string, args ...any) error {
	return wire.NewFault(http.StatusConflict, "EntityAlreadyExists", fmt.Sprintf(format, args...))
}

func conflict(text string) error { return wire.NewFault(http.StatusConflict, "DeleteConflict", text) }

func limit(format string, args ...any) error {
	return wire.NewFault(http.StatusConflict, "LimitExceeded", fmt.Sprintf(format, args...))
}

// invalid is a parameter the API's own model forbids, found before anything else
// is looked at.
func invalid(format string, args ...any) error {
	return wire.NewFault(http.StatusBadRequest, "ValidationError", fmt.Sprintf(format, args...))
}

func malformed(text string) error {
	return wire.NewFault(http.StatusBadRequest, "MalformedPolicyDocument", text)
}

var (
	nameShape = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]+$`)
	pathShape = regexp.MustCompile(`^(/[!-.0-~]+)*/$`)
)

// name reads a required name of an entity. field is the parameter as the
// service's messages spell it, e.g. roleName.
func name(in *wire.Input, param, field string, most int) (string, error) {
	v := in.Get(param)
	switch {
	case v == "":
		return "", invalid("1 validation error detected: Value at '%s' failed to satisfy constraint: Member must not be null", field)
	case len(v) > most:
		return "", invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", v, field, most)
	case !nameShape.MatchString(v):
		return "", invalid("The specified value for %s is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-", field)
	}
	return v, nil
}

// path reads an optional IAM path.
func path(in *wire.Input) (string, error) {
	v := in.Get("Path")
	if v == "" {
		return "/", nil
	}
	if !pathShape.MatchString(v) || len(v) > 512 {
		return "", invalid("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	return v, nil
}
