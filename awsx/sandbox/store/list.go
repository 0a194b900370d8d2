package store

import (
	"errors"
	"strings"
)

// Query asks for one page of a listing.
type Query struct {
	Prefix, Delimiter string
	// After leaves out keys up to and including it, and a common prefix that is
	// equal to it.
	After string
	// Max is the number of objects and common prefixes together, at most.
	Max int
}

// Item is an object or, where Prefix is set, all keys that begin with it.
type Item struct {
	Prefix string
	Object
}

// Name is what the item is sorted by, and what the next page comes after.
func (i Item) Name() string {
	if i.Prefix != "" {
		return i.Prefix
	}
	return i.Key
}

// Page is one page of a listing; More says that there is another.
type Page struct {
	Items []Item
	More  bool
}

// List gives one page in the order of key bytes. Folders without a file in them
// are in no page.
func (s *Store) List(bucket string, q Query) (Page, error) {
	var page Page
	if q.Max <= 0 {
		return page, nil
	}
	w := walker{s: s, bucket: bucket, prefix: q.Prefix, after: q.After}
	if strings.HasPrefix(q.After, q.Prefix) && commonPrefix(q.After, q) == q.After {
		w.skip = q.After
	}
	var broken error
	w.yield = func(e Entry) bool {
		common := commonPrefix(e.Key, q)
		if len(page.Items) == q.Max {
			page.More = true
			return false
		}
		if common != "" {
			w.skip = common
			page.Items = append(page.Items, Item{Prefix: common})
			return true
		}
		o, err := s.Stat(bucket, e.Key)
		// A node took it away between the walk and the look.
		if errors.Is(err, ErrNoKey) {
			return true
		}
		page.Items = append(page.Items, Item{Object: o})
		broken = err
		return err == nil
	}
	err := w.run()
	return page, errors.Join(err, broken)
}

// commonPrefix is the key up to and including the first delimiter after the prefix, ""
// where there is none.
func commonPrefix(key string, q Query) string {
	if q.Delimiter == "" {
		return ""
	}
	rest := key[len(q.Prefix):]
	i := strings.Index(rest, q.Delimiter)
	if i < 0 {
		return ""
	}
	return q.Prefix + rest[:i+len(q.Delimiter)]
}
