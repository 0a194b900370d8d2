package journal

import (
	"errors"

	"snapferry/steps"
)

// ErrInUse is the cause of Open's error when another process has the directory;
// it can still be watched with Read.
var ErrInUse = errors.New("the run directory is in use")

// ErrOtherAnswers is the cause when the directory holds a run of other answers.
var ErrOtherAnswers = errors.New("the run directory holds another run")

// ErrOtherWorld is the cause when the run of the directory is in another world.
var ErrOtherWorld = errors.New("the run of the directory is in another world")

// Every refusal leaves the directory as it was: the file is evidence, also when
// it is not ours or damaged.

func inUse(dir string) error {
	return &steps.Error{
		Summary: steps.T("The run directory %s is in use by another snapferry.", dir),
		Fix:     steps.T("Wait for it to end, see how far it is with: snapferry report --dir %s, or give this run a directory of its own with --dir.", steps.ShellWord(dir)),
		Cause:   ErrInUse,
	}
}

func otherAnswers(dir, run string) error {
	return &steps.Error{
		Summary: steps.T("The run directory %s belongs to run %s, which was started with other answers.", dir, run),
		Fix:     steps.T("Go on with the answers that run was started with, or give these answers a directory of their own with --dir."),
		Cause:   ErrOtherAnswers,
	}
}

func otherWorld(dir, run, had, has string) error {
	summary := steps.T("The run directory %s belongs to run %s, which is in another sandbox than this one.", dir, run)
	back := steps.T("Name its sandbox with --sandbox=DIR to go on with it")
	switch "" {
	case had:
		summary = steps.T("The run directory %s belongs to run %s, which is in the real AWS and not in a sandbox.", dir, run)
		back = steps.T("Leave --sandbox out to go on with it")
	case has:
		summary = steps.T("The run directory %s belongs to run %s, which is in a sandbox and not in the real AWS.", dir, run)
		back = steps.T("Add --sandbox to go on with it (--sandbox=DIR, where its sandbox is in a directory of its own)")
	}
	return &steps.Error{
		Summary: summary,
		Fix:     steps.T("%s, or give this run a directory of its own with --dir. What was made and approved there counts only there.", back),
		Cause:   ErrOtherWorld,
	}
}

func otherFormat(format int) error {
	return &steps.Error{
		Summary: steps.T("The journal has format %d; this program reads format %d.", format, Format),
		Fix:     steps.T("Go on with the version of snapferry that began the run, or begin a new run in another directory."),
	}
}

func notJournal(cause error) error {
	return &steps.Error{
		Summary: steps.T("%s does not begin like a snapferry journal.", FileName),
		Fix:     steps.T("Choose another directory with --dir, or move the file away."),
		Cause:   cause,
	}
}

func damaged(path string, line int, cause error) error {
	return &steps.Error{
		Line:    line,
		Summary: steps.T("Line %d of %s cannot be read: the file was changed or damaged.", line, path),
		Fix:     steps.T("Restore the file, or begin in another directory: a new run looks at the world and repeats nothing that is done, but takes back only what it made itself."),
		Cause:   cause,
	}
}

func unusable(path string, cause error) error {
	return &steps.Error{
		Summary: steps.T("The run directory cannot be used: %s.", cause),
		Fix:     steps.T("Check that %s can be written and has room, or choose another directory with --dir.", path),
		Cause:   cause,
	}
}

func unwritable(cause error) error {
	return &steps.Error{
		Summary: steps.T("The journal cannot be written: %s.", cause),
		Fix:     steps.T("Nothing further is done without it. Make room or mend the disk, then run again: the run goes on where it stopped."),
		Cause:   cause,
	}
}
