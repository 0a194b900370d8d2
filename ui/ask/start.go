package ask

import (
	"snapferry/steps"
	"snapferry/steps/spec"
)

// Goal is the key of the first question: what brings somebody here. It is no
// answer of the migration, so no file has it.
const Goal Key = "goal"

// The goals. Resume, Report and Afresh are offered where the run directory has a run.
const (
	GoalMigrate = "migrate"
	GoalCheck   = "check"
	GoalExplain = "explain"
	GoalBastion = "bastion"
	GoalResume  = "resume"
	GoalReport  = "report"
	GoalAfresh  = "afresh"
)

// Migrates says whether a goal is about a migration that answers are wanted for;
// the others ask nothing further.
func Migrates(goal string) bool {
	return goal != GoalExplain && goal != GoalResume && goal != GoalReport && goal != GoalAfresh
}

func (w *walk) start() {
	w.page("start", steps.T("Start"), steps.T("snapferry moves an OpenSearch domain by snapshot: it asks, checks, plans, does and proves. Nothing is changed before you saw and approved the plan."))
	goal := w.ask(Question{
		Key: Goal, Kind: Choice, Memory: true, Default: GoalMigrate, From: Request{What: Runs},
		Title: steps.T("What brings you here"),
		Help:  Help{What: steps.T("Migrating asks everything, checks, and shows you a plan. Finding out why something fails changes nothing; neither does reading an error.")},
		Options: []Option{
			{GoalMigrate, steps.T("Migrate a domain"), steps.T("ask, check, plan, do, prove: about 10 minutes of questions")},
			{GoalCheck, steps.T("Something fails, find out why"), steps.T("the checks alone; changes nothing")},
			{GoalExplain, steps.T("Read an error text"), steps.T("paste it, offline; changes nothing")},
			{GoalBastion, steps.T("I am on a bastion host"), steps.T("only the domain can be reached from here")},
		},
	})
	if !Migrates(goal) {
		return
	}
	w.ask(Question{
		Key: "shape", Kind: Choice, Default: string(spec.ShapeTwoAccounts),
		// Where the target's account was said, the accounts tell.
		Needed: w.a.said["target.account"] == "",
		Title:  steps.T("Where do the indices go"),
		Help:   Help{What: steps.T("Into another account the bucket has to be shared and each side has a snapshot role of its own; inside one account neither is needed. Beside the originals, in the same domain, indices get other names.")},
		Options: []Option{
			{string(spec.ShapeTwoAccounts), steps.T("To a domain of another account"), steps.Text{}},
			{string(spec.ShapeSameAccount), steps.T("To another domain of the same account"), steps.Text{}},
			{string(spec.ShapeSameDomain), steps.T("Beside the originals"), steps.T("the same domain, under other names")},
		},
	})
}
