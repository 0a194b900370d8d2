package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"snapferry/awsx/awsid"
)

// PrincipalError is a principal of a policy that does not exist.
type PrincipalError struct{ Principal string }

func (e *PrincipalError) Error() string { return "Invalid principal in policy: " + e.Principal }

// Bind does what AWS does when a policy with principals is saved: user and role
// ARNs become the unique ids behind them, so that a principal deleted and made
// again no longer matches. Everything else in the text stays as it is. It fails
// with a *PrincipalError for a user, role or account that does not exist.
func (s *State) Bind(doc string) (string, error) {
	return rewritePrincipals(doc, s.bindOne)
}

// Show is the text as AWS gives it back: ids become ARNs again, apart from
// those whose principal is gone.
func (s *State) Show(doc string) string {
	out, err := rewritePrincipals(doc, func(p string) (string, error) {
		if arn, ok := s.byUniqueID(p); ok {
			return arn, nil
		}
		return p, nil
	})
	if err != nil {
		return doc
	}
	return out
}

// bindOne binds one principal. Accounts stay as they are, since they are never
// made again; a session of a role is bound by its name only, as in IAM.
func (s *State) bindOne(p string) (string, error) {
	if p == "*" || s.isUniqueID(p) {
		return p, nil
	}
	if len(p) == 12 && strings.Trim(p, "0123456789") == "" {
		p = RootARN(awsid.AccountID(p)).String()
	}
	arn, err := awsid.ParseARN(p)
	if err != nil {
		return "", &PrincipalError{p}
	}
	account := s.Accounts[arn.Account]
	if account == nil {
		return "", &PrincipalError{p}
	}
	switch {
	case arn.Service == "iam" && arn.Resource == "root":
		return p, nil
	case arn.Service == "iam" && arn.Type() == "user":
		if u := account.User(arn.Name()); u != nil && account.UserARN(u) == arn {
			return u.ID, nil
		}
	case arn.Service == "iam" && arn.Type() == "role":
		if r := account.Role(arn.Name()); r != nil && account.RoleARN(r) == arn {
			return r.ID, nil
		}
	case arn.Service == "sts" && arn.Type() == "assumed-role":
		// A session is named by the role's name and is not checked further.
		name, _, _ := strings.Cut(strings.TrimPrefix(arn.Resource, "assumed-role/"), "/")
		if account.Role(name) != nil {
			return p, nil
		}
	}
	return "", &PrincipalError{p}
}

func (s *State) isUniqueID(p string) bool {
	return (strings.HasPrefix(p, "AROA") || strings.HasPrefix(p, "AIDA")) && !strings.Contains(p, ":")
}

func (s *State) byUniqueID(id string) (string, bool) {
	if !s.isUniqueID(id) {
		return "", false
	}
	for _, a := range s.Accounts {
		for _, r := range a.Roles {
			if r.ID == id {
				return a.RoleARN(r).String(), true
			}
		}
		for _, u := range a.Users {
			if u.ID == id {
				return a.UserARN(u).String(), true
			}
		}
	}
	return "", false
}

// rewritePrincipals applies f to every AWS principal of a policy and leaves all
// other bytes alone: what somebody wrote must come back as he wrote it.
func rewritePrincipals(doc string, f func(string) (string, error)) (string, error) {
	w := walker{src: []byte(doc), rewrite: f}
	w.dec = json.NewDecoder(bytes.NewReader(w.src))
	if err := w.value(nil); err != nil {
		return "", err
	}
	w.out.Write(w.src[w.done:])
	return w.out.String(), nil
}

type walker struct {
	src     []byte
	dec     *json.Decoder
	out     bytes.Buffer
	done    int
	rewrite func(string) (string, error)
}

// value reads one JSON value; path holds the object keys that lead to it.
func (w *walker) value(path []string) error {
	tok, err := w.dec.Token()
	if err != nil {
		return fmt.Errorf("read the policy: %w", err)
	}
	switch t := tok.(type) {
	case json.Delim:
		for w.dec.More() {
			inner := path
			if t == '{' {
				key, err := w.dec.Token()
				if err != nil {
					return fmt.Errorf("read the policy: %w", err)
				}
				inner = append(path[:len(path):len(path)], fmt.Sprint(key))
			}
			if err := w.value(inner); err != nil {
				return err
			}
		}
		_, err = w.dec.Token()
		return err
	case string:
		if isPrincipal(path) {
			return w.replace(t)
		}
	}
	return nil
}

// isPrincipal recognises Statement.Principal.AWS and its Not form; lists do not
// show in a path.
func isPrincipal(path []string) bool {
	return len(path) == 3 && path[0] == "Statement" && path[2] == "AWS" &&
		(path[1] == "Principal" || path[1] == "NotPrincipal")
}

func (w *walker) replace(old string) error {
	next, err := w.rewrite(old)
	if err != nil || next == old {
		return err
	}
	end := int(w.dec.InputOffset())
	// The token ends at the offset; its opening quote is the last one before
	// that is not the closing quote. ARNs and ids hold no quotes themselves.
	start := bytes.LastIndexByte(w.src[:end-1], '"')
	w.out.Write(w.src[w.done:start])
	quoted, err := json.Marshal(next)
	if err != nil {
		return err
	}
	w.out.Write(quoted)
	w.done = end
	return nil
}
