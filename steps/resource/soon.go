package resource

import (
	"context"
	"errors"

	"snapferry/steps"
)

var errSoon = errors.New("not filled yet")

type kindBase struct {
	access Access
	opts   Options
}

type (
	bucketKind     kindBase
	roleKind       kindBase
	grantKind      kindBase
	repositoryKind kindBase
	policyKind     kindBase
)

func bucketPolicyKind(a Access, o Options) Kind { return policyKind{a, o} }
func accessPolicyKind(a Access, o Options) Kind { return policyKind{a, o} }
func keyPolicyKind(a Access, o Options) Kind    { return policyKind{a, o} }

func (k bucketKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error)                { return "", errSoon }
func (k bucketKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error       { return errSoon }
func (k bucketKind) Delete(ctx context.Context, ref steps.Ref) error                           { return errSoon }
func (k bucketKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text)      { return "", false, steps.Text{} }
func (k bucketKind) Render(c steps.Change) Renderings                                          { return Renderings{} }
func (k roleKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error)                { return "", errSoon }
func (k roleKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error       { return errSoon }
func (k roleKind) Delete(ctx context.Context, ref steps.Ref) error                           { return errSoon }
func (k roleKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text)      { return "", false, steps.Text{} }
func (k roleKind) Render(c steps.Change) Renderings                                          { return Renderings{} }
func (k grantKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error)                { return "", errSoon }
func (k grantKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error       { return errSoon }
func (k grantKind) Delete(ctx context.Context, ref steps.Ref) error                           { return errSoon }
func (k grantKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text)      { return "", false, steps.Text{} }
func (k grantKind) Render(c steps.Change) Renderings                                          { return Renderings{} }
func (k repositoryKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error)                { return "", errSoon }
func (k repositoryKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error       { return errSoon }
func (k repositoryKind) Delete(ctx context.Context, ref steps.Ref) error                           { return errSoon }
func (k repositoryKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text)      { return "", false, steps.Text{} }
func (k repositoryKind) Render(c steps.Change) Renderings                                          { return Renderings{} }
func (k policyKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error)                { return "", errSoon }
func (k policyKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error       { return errSoon }
func (k policyKind) Delete(ctx context.Context, ref steps.Ref) error                           { return errSoon }
func (k policyKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text)      { return "", false, steps.Text{} }
func (k policyKind) Render(c steps.Change) Renderings                                          { return Renderings{} }
