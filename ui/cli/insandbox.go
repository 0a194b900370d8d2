package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"snapferry/steps"
	"snapferry/steps/journal"
	"snapferry/ui/term"
)

// inSandbox refuses answers about a world that is not the sandbox's: it answers
// for its own names alone, and lets nothing through to anybody else.
func (p *place) inSandbox(info sandboxInfo) error {
	var there, names []string
	hosts, regions := map[string]bool{}, map[string]bool{}
	for _, d := range info.Domains {
		there = append(there, fmt.Sprintf("%s of account %s at %s", d.Name, d.Account, d.Endpoint))
		if !regions[string(d.Region)] {
			names = append(names, string(d.Region))
		}
		hosts[d.Endpoint], regions[string(d.Region)] = true, true
		hosts[string(d.Name)+"."+string(d.Region)+".es.amazonaws.com"] = true
	}
	var wrong answersError
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		s := p.spec.Side(side)
		field, value := "", strings.TrimPrefix(s.Endpoint, "https://")
		fix := steps.T("Its domains are %s; leave --sandbox out to work with the real AWS", strings.Join(there, ", "))
		switch {
		case value != "" && !hosts[value]:
			field = "endpoint"
		case s.Region != "" && !regions[string(s.Region)]:
			field, value = "region", string(s.Region)
			fix = steps.T("Its domains are in %s; leave --sandbox out to work with the real AWS", strings.Join(names, ", "))
		default:
			continue
		}
		wrong = append(wrong, &steps.Error{
			Field:   string(side) + "." + field,
			Summary: steps.T("%s is not part of the sandbox: it knows only its own names, and lets nothing through to the real AWS", value),
			Fix:     fix,
		})
	}
	if len(wrong) > 0 {
		return term.Exit(term.ExitUsage, wrong)
	}
	return nil
}

// keptWith says whether the answers of the directory, which are to be gone on with, name
// a flag in the command for that (see headed).
func (p *place) keptWith(flag string) bool {
	b, err := os.ReadFile(filepath.Join(p.dir, answersName))
	if err != nil || p.file != "" {
		return false
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") && strings.Contains(line, "snapferry run") && strings.Contains(line, " "+flag) {
			return true
		}
	}
	return false
}

// outside refuses to begin on real accounts where a sandbox was worked with: its
// answers would be offered for them.
func (p *place) outside() error {
	if p.sandboxed() {
		return nil
	}
	if err := journal.CheckWorld(p.dir, ""); err != nil {
		return err
	}
	world, _ := journal.World(p.dir) // a journal that cannot be read was told of just now
	if world == "" && !p.keptWith("--sandbox") {
		return nil
	}
	return &steps.Error{
		Summary: steps.T("The answers in %s are for a sandbox, and not for the real AWS", p.dir),
		Fix:     steps.T("Add --sandbox to go on with them (--sandbox=DIR, where the sandbox is in a directory of its own), or name another directory for the real accounts with --dir"),
	}
}
