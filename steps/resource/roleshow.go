package resource

import (
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// Render shows a role with its inline policies.
func (k roleKind) Render(c steps.Change) Renderings {
	place := k.opts.placeOf(c)
	before, _, err := ParseRole(c.Before)
	if err != nil || c.Verb == steps.Exists {
		return Renderings{}
	}
	if c.Verb == steps.Delete {
		return Renderings{CLI: place.whole(roleDeleteCLI(place, c.Ref.Name, before))}
	}
	after, _, err := ParseRole(c.After)
	if err != nil {
		return Renderings{}
	}
	return Renderings{Terraform: roleTerraform(place, c, before, after), CLI: place.whole(roleCLI(place, c, before, after))}
}

// roleDeleteCLI takes the policies first: IAM deletes no role that has some.
func roleDeleteCLI(place Place, name string, r Role) string {
	var b strings.Builder
	for _, policy := range slices.Sorted(maps.Keys(r.Inline)) {
		b.WriteString(place.line("iam delete-role-policy", "--role-name", name, "--policy-name", policy))
	}
	b.WriteString(place.line("iam delete-role", "--role-name", name))
	return b.String()
}

// roleTerraform gives each inline policy a resource of its own; the block inside
// aws_iam_role would claim to own all of a role's policies.
func roleTerraform(place Place, c steps.Change, before, r Role) string {
	name := c.Ref.Name
	tf := newTerraform(place)
	tf.existing(c, "aws_iam_role", name, name)
	tf.block("aws_iam_role", name, func(b *tfBody) {
		b.text("name", name)
		b.text("path", rolePath(r))
		b.text("description", r.Description)
		b.text("permissions_boundary", r.Boundary)
		b.json("assume_role_policy", r.Trust)
		b.tags(r.Tags)
	})
	for _, policy := range slices.Sorted(maps.Keys(r.Inline)) {
		if _, there := before.Inline[policy]; there {
			tf.existing(c, "aws_iam_role_policy", name+"-"+policy, name+":"+policy)
		}
		tf.block("aws_iam_role_policy", name+"-"+policy, func(b *tfBody) {
			b.text("name", policy)
			b.ref("role", "aws_iam_role", name, "id")
			b.json("policy", r.Inline[policy])
		})
	}
	return tf.String()
}

// rolePath is the path of a role that is not at the root.
func rolePath(r Role) string {
	arn, err := awsid.ParseARN(r.ARN)
	if err != nil || arn.Path() == "/" {
		return ""
	}
	return arn.Path()
}

// roleCLI prints what makes the role, or only what changes in it.
func roleCLI(place Place, c steps.Change, before, after Role) string {
	name := c.Ref.Name
	var lines []string
	if c.Verb == steps.Create {
		args := []string{"--role-name", name}
		for _, o := range [][2]string{
			{"--path", rolePath(after)},
			{"--description", after.Description},
			{"--permissions-boundary", after.Boundary},
			{"--assume-role-policy-document", jsonArg(after.Trust)},
		} {
			if o[1] != "" {
				args = append(args, o[0], o[1])
			}
		}
		lines = append(lines, place.line("iam create-role", append(args, tagArgs(after.Tags)...)...))
	} else {
		if before.Trust != after.Trust {
			lines = append(lines, place.line("iam update-assume-role-policy", "--role-name", name, "--policy-document", jsonArg(after.Trust)))
		}
		set := maps.Clone(after.Tags)
		maps.DeleteFunc(set, func(k, v string) bool { return before.Tags[k] == v })
		if len(set) > 0 {
			lines = append(lines, place.line("iam tag-role", append([]string{"--role-name", name}, tagArgs(set)...)...))
		}
	}
	for _, policy := range slices.Sorted(maps.Keys(after.Inline)) {
		if doc := after.Inline[policy]; doc != before.Inline[policy] {
			lines = append(lines, place.line("iam put-role-policy", "--role-name", name, "--policy-name", policy, "--policy-document", jsonArg(doc)))
		}
	}
	for _, policy := range slices.Sorted(maps.Keys(before.Inline)) {
		if _, kept := after.Inline[policy]; !kept {
			lines = append(lines, place.line("iam delete-role-policy", "--role-name", name, "--policy-name", policy))
		}
	}
	if c.Unread && c.Verb == steps.Create {
		return onlyIfMade("role", lines)
	}
	return strings.Join(lines, "")
}

// tagArgs are JSON words: the CLI's shorthand cannot carry every value.
func tagArgs(tags map[string]string) []string {
	if len(tags) == 0 {
		return nil
	}
	args := []string{"--tags"}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		args = append(args, `{"Key":`+string(canonical(key))+`,"Value":`+string(canonical(tags[key]))+`}`)
	}
	return args
}
