package wire

import (
	"encoding/base64"
	"io"
	"strconv"
	"strings"
	"time"
)

// Bytes is a size in bytes, printed as "3.5kb" where a person reads it.
type Bytes int64

// Duration is a time value in milliseconds, printed as "1.2s".
type Duration int64

var byteUnits = []string{"b", "kb", "mb", "gb", "tb", "pb"}

func (b Bytes) String() string {
	v, unit := float64(b), 0
	for v >= 1024 && unit < len(byteUnits)-1 {
		v /= 1024
		unit++
	}
	return oneDecimal(v) + byteUnits[unit]
}

// In gives the size in a fixed unit ("b", "kb", … or "k", "m", …), cut to a
// whole number, as the parameter bytes= of the cat tables asks for it.
func (b Bytes) In(unit string) string {
	n := int64(b)
	for _, u := range byteUnits {
		if u == unit || strings.TrimSuffix(u, "b") == unit {
			return strconv.FormatInt(n, 10)
		}
		n /= 1024
	}
	return b.String()
}

// MillisOf turns a Go duration into the engine's value.
func MillisOf(d time.Duration) Duration { return Duration(d.Milliseconds()) }

func (d Duration) String() string {
	v := float64(d)
	switch {
	case d < 1000:
		return strconv.FormatInt(int64(d), 10) + "ms"
	case d < 60_000:
		return oneDecimal(v/1000) + "s"
	case d < 3_600_000:
		return oneDecimal(v/60_000) + "m"
	case d < 86_400_000:
		return oneDecimal(v/3_600_000) + "h"
	}
	return oneDecimal(v/86_400_000) + "d"
}

// oneDecimal cuts after the first decimal and leaves out a zero there: the
// engines do not round.
func oneDecimal(v float64) string {
	s := strconv.FormatFloat(float64(int64(v*10))/10, 'f', 1, 64)
	return strings.TrimSuffix(s, ".0")
}

// Stamp is a moment as the engines print it: UTC with milliseconds.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// StampMillis is Stamp for a count of milliseconds since 1970.
func StampMillis(ms int64) string { return Stamp(time.UnixMilli(ms)) }

// UUID makes an identifier of 22 URL-safe characters out of 16 random bytes. A
// failing source of randomness is not survivable and panics.
func UUID(random io.Reader) string {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		panic("wire.UUID: " + err.Error())
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return base64.RawURLEncoding.EncodeToString(b[:])
}
