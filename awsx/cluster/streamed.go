package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
)

// maxStreamed bounds an answer that is read piece by piece: it is never in memory as a
// whole, and one of a hundred thousand indices is about 100 MiB.
const maxStreamed = 1 << 30

// streamed reads a long answer piece by piece as it comes in: take walks along it with
// members and items, and keeps what is wanted of each piece. It is called for answers
// of success only, and what it took counts only where streamed gives no error.
func (c *Cluster) streamed(ctx context.Context, path string, query url.Values, take func(*json.Decoder) error) error {
	r := c.request(http.MethodGet, path, query)
	start := c.opts.Now()
	answer, err := c.exchange(ctx, r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode/100 != 2 {
		got, err := c.whole(r, start, answer)
		if err != nil {
			return err
		}
		return got.Failure()
	}
	body := &piecewise{from: answer.Body, left: maxStreamed}
	err = take(json.NewDecoder(body))
	if err == nil {
		_, err = io.Copy(io.Discard, body) // to its end, so that the connection can be used again
	}
	switch {
	case body.lost != nil:
		return c.lost(r, body.lost)
	case err != nil:
		seen := &Response{Status: answer.StatusCode, RequestID: requestID(answer), Request: r, Body: body.head}
		return seen.strange("the answer is not what a domain says: " + err.Error())
	}
	return nil
}

// piecewise remembers how an answer began, for saying what it was, and whether it was
// the way that failed and not the answer.
type piecewise struct {
	from io.Reader
	left int64
	head []byte
	lost error
}

// keptHead is how much of an answer is kept for saying what it was.
const keptHead = 4 << 10

var errTooLong = errors.New("it is longer than 1 GiB")

func (p *piecewise) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, errTooLong
	}
	n, err := p.from.Read(b[:min(int64(len(b)), p.left)])
	p.left -= int64(n)
	if room := keptHead - len(p.head); room > 0 {
		p.head = append(p.head, b[:min(n, room)]...)
	}
	if err != nil && err != io.EOF {
		p.lost = err
	}
	return n, err
}

// Members calls take with the name of each member of the object that comes next; take
// has to decode the member's value. A null has none. It is for what is too large to be
// had as a whole.
func Members(d *json.Decoder, take func(name string) error) error {
	return within(d, '{', func() error {
		name, err := d.Token()
		if err != nil {
			return err
		}
		return take(name.(string)) // a decoder gives nothing else for a name
	})
}

// items calls take before each item of the list that comes next.
func items(d *json.Decoder, take func() error) error { return within(d, '[', take) }

func within(d *json.Decoder, open json.Delim, each func() error) error {
	t, err := d.Token()
	if err != nil || t == nil {
		return err
	}
	if t != open {
		return errors.New("there is no " + open.String() + " where one has to be")
	}
	for d.More() {
		if err := each(); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// unread is a value that nobody wants to know.
type unread struct{}

// UnmarshalJSON takes anything.
func (*unread) UnmarshalJSON([]byte) error { return nil }

// known decodes the value of a member into what is kept for it, nil for nothing.
func known(d *json.Decoder, into any) error {
	if into == nil {
		into = &unread{}
	}
	return d.Decode(into)
}

// byName reads an object of many members, each of its own.
func byName[T any](d *json.Decoder, take func(name string, value T)) error {
	return Members(d, func(name string) error {
		var v T
		if err := d.Decode(&v); err != nil {
			return err
		}
		take(name, v)
		return nil
	})
}
