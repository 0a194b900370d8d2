package awsid

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// masked stands wherever a secret would be printed.
const masked = "••••••"

// Secret is a value that shows itself to nobody but Reveal: not to fmt in any
// verb, not to JSON, not to slog. The zero value means there is none.
//
// It points at the value, because fmt looks into the unexported fields of
// structs without asking them: there it finds an address.
type Secret struct{ value *string }

// NewSecret wraps a secret; "" is none.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{&s}
}

// Reveal gives the value, for the one place that sends it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero says that there is none.
func (s Secret) IsZero() bool { return s.value == nil }

func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return masked
}

// GoString keeps %#v from looking inside.
func (s Secret) GoString() string { return fmt.Sprintf("awsid.Secret(%q)", s.String()) }

// Format covers every verb, %x and %q included.
func (s Secret) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		_, _ = io.WriteString(f, s.GoString())
		return
	}
	_, _ = io.WriteString(f, s.String())
}

// MarshalJSON writes the mask: a secret that went into a file by accident
// cannot be read back.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalText does the same for YAML and map keys.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue does the same for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
