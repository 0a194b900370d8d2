package resource

import "snapferry/steps"

// Render shows a registration as the domain call it is; neither the AWS CLI nor
// the AWS provider of Terraform can make it.
func (k repositoryKind) Render(c steps.Change) Renderings {
	if k.opts.Curl == nil || c.Verb == steps.Exists {
		return Renderings{}
	}
	target := "/_snapshot/" + c.Ref.Name
	if c.Verb == steps.Delete {
		return Renderings{Curl: k.opts.Curl(c.Ref.Side, "DELETE", target, nil)}
	}
	return Renderings{Curl: k.opts.Curl(c.Ref.Side, "PUT", target, []byte(pretty(c.After)))}
}
