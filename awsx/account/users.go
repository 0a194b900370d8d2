package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"snapferry/awsx/awsid"
)

// User is an IAM user with everything that decides what it may do.
type User struct {
	ARN      awsid.ARN
	Name     string
	UniqueID string // AIDA…
	Boundary awsid.ARN
	Inline   map[string]Document
	Attached []ManagedPolicy
	Groups   []Group
	// Incomplete is why some policies could not be read, nil when all were.
	Incomplete error
}

// Group is a group a user is in.
type Group struct {
	Name     string
	Inline   map[string]Document
	Attached []ManagedPolicy
}

// User reads a user with groups and policies; nil when absent.
// Needs iam:GetUser, and for its policies the same list calls as a role, for
// users and groups, and iam:ListGroupsForUser.
func (a *Account) User(ctx context.Context, name string) (*User, error) {
	c := a.iam()
	out, err := c.GetUser(ctx, &iam.GetUserInput{UserName: aws.String(name)})
	if hasCode(err, noSuchEntity) {
		return nil, nil
	}
	if err != nil {
		return nil, fail(err)
	}
	u := &User{ARN: arn(out.User.Arn), Name: aws.ToString(out.User.UserName), UniqueID: aws.ToString(out.User.UserId)}
	if b := out.User.PermissionsBoundary; b != nil {
		u.Boundary = arn(b.PermissionsBoundaryArn)
	}
	u.Inline, u.Attached, u.Incomplete = allPolicies(ctx, c, userHolder{c, u.Name})
	groups, err := groupsOf(ctx, c, u.Name)
	u.incomplete(fail(err))
	for _, g := range groups {
		own, managed, err := allPolicies(ctx, c, groupHolder{c, g})
		u.incomplete(err)
		u.Groups = append(u.Groups, Group{Name: g, Inline: own, Attached: managed})
	}
	return u, nil
}

func (u *User) incomplete(err error) {
	if u.Incomplete == nil {
		u.Incomplete = err
	}
}

func groupsOf(ctx context.Context, c *iam.Client, user string) ([]string, error) {
	p := iam.NewListGroupsForUserPaginator(c, &iam.ListGroupsForUserInput{UserName: aws.String(user)})
	return gather(ctx, p, func(o *iam.ListGroupsForUserOutput) (names []string) {
		for _, g := range o.Groups {
			names = append(names, aws.ToString(g.GroupName))
		}
		return names
	})
}
