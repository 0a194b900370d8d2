package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/journal"
	"snapferry/steps/spec"
	"snapferry/ui/term"
)

// answersName is the answers file the run directory keeps, so that a run can be
// gone on with and repeated without questions. It holds no secret.
const answersName = "answers.yaml"

// answersError is everything that is wrong with the answers, not only the first.
type answersError []*steps.Error

func (e answersError) Error() string { return e[0].Error() }

// Unwrap gives all of them, the first one first.
func (e answersError) Unwrap() []error {
	list := make([]error, len(e))
	for i, one := range e {
		list[i] = one
	}
	return list
}

// answers finds the answers: the file named, else those of the run directory,
// else the sandbox's own.
func (a *app) answers() (*spec.Draft, error) {
	path := a.file
	if path == "" {
		path = filepath.Join(a.dir, answersName)
	}
	b, err := os.ReadFile(path)
	switch {
	case err == nil:
		d, errs := spec.ReadAnswers(b)
		if len(errs) > 0 {
			return nil, term.Exit(term.ExitUsage, answersError(errs))
		}
		return d, nil
	case a.file == "" && errors.Is(err, fs.ErrNotExist):
		if a.sandboxed() {
			return a.practice(), nil
		}
		return nil, term.Exit(term.ExitUsage, &steps.Error{
			Summary: steps.T("There are no answers: neither --file nor %s", path),
			Fix:     steps.T("Give --file ANSWERS.yaml, or practise with --sandbox"),
		})
	}
	return nil, term.Exit(term.ExitUsage, &steps.Error{Summary: steps.T("The answers cannot be read: %s", err.Error()), Fix: steps.T("Check the path given with --file"), Cause: err})
}

// build turns answers into a Spec with the consents of the command line.
func (a *app) build(d *spec.Draft, c *consents, began time.Time) (*spec.Spec, error) {
	build := d.Build
	if a.partial {
		build = d.Partial
	}
	s, errs := build(began)
	if len(errs) > 0 {
		return nil, term.Exit(term.ExitUsage, answersError(errs))
	}
	for _, n := range c.overwrite {
		s.Move.Overwrite = append(s.Move.Overwrite, awsid.IndexName(n))
	}
	return s, nil
}

// keepAnswers writes the answers beside the journal, with the names that were
// derived from the day, so that going on needs no --file and no same day.
func (a *app) keepAnswers(d *spec.Draft, s *spec.Spec) error {
	kept := d.Clone()
	if err := kept.Set("move.snapshot", string(s.Move.Snapshot)); err != nil {
		return err
	}
	return journal.WriteFile(filepath.Join(a.dir, answersName), a.headed(kept, ""))
}

// headed are answers as a file of this start, whose head names the command that goes
// on with them; file is the flag that names the file, where it has to be named.
func (a *app) headed(d *spec.Draft, file string) []byte {
	line := a.resumeLine("run") + file
	if strings.ContainsAny(line, "\r\n") { // it would not stay a comment
		return d.WriteAnswers()
	}
	return bytes.Replace(d.WriteAnswers(), []byte(spec.AnyRun), []byte(line), 1)
}

// maskNames are the names to hide under --mask, besides account ids and ARNs.
func maskNames(s *spec.Spec) []steps.Name {
	var list []steps.Name
	add := func(value, as string) {
		if value != "" {
			list = append(list, steps.Name{Value: value, As: as})
		}
	}
	count := map[string]int{}
	hide := func(value, kind string) {
		if telling(value) && !slices.ContainsFunc(list, func(n steps.Name) bool { return n.Value == value }) {
			count[kind]++
			add(value, fmt.Sprintf("%s-%d", kind, count[kind]))
		}
	}
	// A name that both sides have tells nothing of the side.
	both := func(source, target, as string) {
		if source == target {
			add(source, as)
			return
		}
		add(source, "SOURCE-"+as)
		add(target, "TARGET-"+as)
	}
	both(string(s.Source.Domain), string(s.Target.Domain), "DOMAIN")
	both(string(s.Source.Role.Name), string(s.Target.Role.Name), "ROLE")
	both(s.Source.Endpoint, s.Target.Endpoint, "ENDPOINT")
	add(string(s.Bucket.Name), "BUCKET")
	add(string(s.Move.Snapshot), "SNAPSHOT")
	if s.Move.Repository != spec.DefaultRepository {
		hide(string(s.Move.Repository), "REPOSITORY")
	}
	if !strings.HasPrefix(string(s.Bucket.BasePath), "snapferry/") { // ours, with the domain's name
		hide(string(s.Bucket.BasePath), "BASE-PATH")
	}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		mine := s.Side(side)
		hide(mine.Mapper.User, "USER")
		for _, id := range []spec.Identity{mine.Control, mine.Signer, mine.Mapper} {
			for _, l := range id.Chain {
				hide(l.Role.Name(), "PRINCIPAL")
			}
		}
	}
	return list
}

// telling says that a name tells something of whoever chose it. Hiding a word that
// half the world chooses would hide nobody, and break every sentence it stands in.
func telling(name string) bool {
	return !slices.Contains([]string{"admin", "master", "root", "snapshot", "snapshots", "backup", "backups", "repository", "migration", "source", "target"}, strings.ToLower(name))
}
