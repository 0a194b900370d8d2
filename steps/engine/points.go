package engine

// The points a run passes, in the order a change meets them. What was written
// down before a point is durable when it is passed; a process that dies at one
// must be able to go on to the same end.
const (
	PointStarted      = "run-started"
	PointPlanned      = "plan-made"
	PointApproved     = "approved"
	PointBetween      = "between-steps"
	PointStepStarted  = "step-started"
	PointBeforeIntent = "before-intent"
	PointAfterIntent  = "after-intent"
	PointPoll         = "action-poll"
	PointAfterDeed    = "after-deed"
	PointAfterMade    = "after-made"
	PointVerified     = "step-verified"
	PointStepDone     = "step-done"
	PointBeforeUndo   = "before-undo-intent"
	PointUndoIntent   = "after-undo-intent"
	PointAfterUndo    = "after-undo-deed"
	PointUndone       = "after-undone"
	PointBeforeEnd    = "before-run-done"
)

// PointNames are all of them: those of a run, then those of taking back.
var PointNames = []string{
	PointStarted, PointPlanned, PointApproved, PointBetween, PointStepStarted,
	PointBeforeIntent, PointAfterIntent, PointPoll, PointAfterDeed, PointAfterMade,
	PointVerified, PointStepDone, PointBeforeUndo, PointUndoIntent, PointAfterUndo,
	PointUndone, PointBeforeEnd,
}
