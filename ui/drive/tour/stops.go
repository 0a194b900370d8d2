//go:build unix

package main

import (
	"regexp"

	"snapferry/ui/drive"
)

// The size everything is shown at.
const (
	width  = 96
	height = 28
)

const head = `# A tour

Every screen of ` + "`snapferry --sandbox`" + ` from an empty terminal to the report, as text, and then what somebody sees who came because something fails.
Captured from the program itself by ` + "`go run ./ui/drive/tour`" + `. The colours are missing here; nothing is said by them alone.
`

// round is a start of the program, and what is shown of it.
type round struct {
	args  []string
	stops []stop
}

// stop is a screen of the tour: keys lead there from the one before, and shows, if
// there is more to wait for, says when it is as it is to be shown.
type stop struct {
	title, words string
	keys         []key
	shows        func(drive.Screen) bool
}

// key is pressed, or a text is pasted; then stands on the screen that follows.
type key struct{ name, then, paste string }

// moving are the pictures of a run on which a step has come far: four tenths of
// its data or more.
func moving(step string) func(drive.Screen) bool {
	return func(p drive.Screen) bool { return p.Says(step) && far.MatchString(p.String()) }
}

var far = regexp.MustCompile(`[4-9]\d %.* GiB of`)

// rounds are the tour.
var rounds = []round{{nil, []stop{
	{
		"Start", "What brings you here. Whoever has a run in the directory finds it here, to go on with.",
		[]key{{name: "home", then: "▸ Migrate a domain"}},
		nil,
	},
	{
		"Accounts", "One question at a time: what was answered stays above, what comes stands below. Who the credentials are is asked of AWS at once.",
		[]key{
			{name: "enter", then: "▸ Where do the indices go"},
			{name: "enter", then: "▸ Role to assume with it"},
			{name: "enter", then: "▸ eu-west-1"},
			{name: "enter", then: "You are arn:aws"},
		},
		nil,
	},
	{
		"Domains", "Lists are looked up, and can always be typed past. From here on the route stands on top of every screen.",
		[]key{
			{name: "enter", then: "▸ Who signs the calls"},
			{name: "enter", then: "2 of 5"},
			{name: "enter", then: "▸ eu-west-1"},
			{name: "enter", then: "You are arn:aws"},
			{name: "enter", then: "▸ Who signs the calls"},
			{name: "enter", then: "▸ Who may edit role mappings on the source domain"},
			{name: "enter", then: "▸ Target domain"},
		},
		nil,
	},
	{
		"Help for a question", "What it asks, and where the answer is found in the console and by CLI.",
		[]key{{name: "enter", then: "▸ Who may edit role mappings on the target domain"}, {name: "?", then: "In the console:"}},
		nil,
	},
	{
		"Bucket", "What was answered is looked at before it is taken: whose the bucket is, and where.",
		[]key{{name: "pgdown", then: "▸ the one the sandbox made"}, {name: "enter", then: "▸ More to set"}, {name: "enter", then: "▸ The source account"}, {name: "enter", then: "▸ acme-os-migration"}, {name: "enter", then: "▸ Folder in it"}},
		nil,
	},
	{
		"What moves", "What a pattern hits is shown while it is typed. `space` takes or leaves a single index, `r` gives other names.",
		[]key{{name: "pgdown", then: "indices move"}},
		nil,
	},
	{
		"Checks", "What stands in the way, with evidence, cause and fix.",
		[]key{{name: "enter", then: "▸ More to set"}, {name: "enter", then: "passed"}},
		nil,
	},
	{
		"Plan", "Everything that will be made or changed, what stays and why, and what it takes. It is approved by typing the target's account.",
		[]key{{name: "enter", then: "enter approve"}},
		nil,
	},
	{
		"A change of the plan", "`d` opens its document, `c` gives it as a command.",
		[]key{{name: "down", then: "▸ + create"}, {name: "d", then: "SecureTransport"}},
		nil,
	},
	{
		"Run", "Where the data is, what is done now, what was done, and every call. `ctrl+c` stops at the next safe point.",
		[]key{{paste: "222222222222", then: "approve: 222222222222"}, {name: "enter", then: "· Run"}},
		moving("Snapshot snapferry-"),
	},
	{
		"Report", "What moved, what was proven, what was changed where, and what stays. It is also in the run directory.",
		nil, func(p drive.Screen) bool { return p.Says("moved and proven") },
	},
	{
		"Afterwards", "On the terminal as it was.",
		[]key{{name: "enter", then: "take back everything with"}},
		nil,
	},
}}, {[]string{"--fault", "role-name-case"}, []stop{
	{
		"Something fails, find out why", "The checks alone, here where a role is there in another spelling. `f` has the plan put it right, where it can; nothing is changed.",
		[]key{
			{name: "down", then: "▸ Something fails"},
			{name: "enter", then: "▸ Where do the indices go"},
			{name: "enter", then: "1 of 5"},
			{name: "enter", then: "▸ eu-west-1"},
			{name: "enter", then: "You are arn:aws"},
			{name: "pgdown", then: "2 of 5"},
			{name: "enter", then: "▸ eu-west-1"},
			{name: "enter", then: "You are arn:aws"},
			{name: "pgdown", then: "▸ Who may edit role mappings on the source domain"},
			{name: "enter", then: "▸ Target domain"},
			{name: "enter", then: "▸ Who may edit role mappings on the target domain"},
			{name: "pgdown", then: "▸ the one the sandbox made"},
			{name: "enter", then: "▸ More to set"},
			{name: "enter", then: "▸ The source account"},
			{name: "pgdown", then: "5 of 5"},
			{name: "enter", then: "▸ More to set"},
			{name: "enter", then: "blocker"},
		},
		nil,
	},
}}, {nil, []stop{
	{
		"An error text, explained", "Offline: which layer refused, what causes that, and what helps. `o` looks at the world for which of them it is.",
		[]key{
			{name: "down", then: "▸ Something fails"},
			{name: "down", then: "▸ Read an error"},
			{name: "enter", then: "Paste the text"},
			{paste: refusal, then: "backend_roles"},
			{name: "ctrl+d", then: "Cause 1"},
		},
		nil,
	},
}}}

// refusal is what a domain with fine-grained access control says to somebody it
// does not know.
const refusal = `{"error":{"type":"security_exception","reason":"no permissions for [cluster:admin/repository/put] and User [name=arn:aws:iam::111111111111:user/admin, backend_roles=[], requestedTenant=null]"},"status":403}`
