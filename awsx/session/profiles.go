package session

import (
	"bufio"
	"context"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"snapferry/awsx/awsid"
)

// Profile is a profile of the shared files, as far as they tell it by themselves.
type Profile struct {
	Name string
	// Region is "" where the profile names none.
	Region awsid.Region
	// Account is that of its role or its SSO, "" where keys alone do not tell.
	Account awsid.AccountID
}

// Profiles lists the profiles of the shared files, default first, the others by
// name. Files that are not there list none; what is in no order to be read, a
// profile that rests on one that is missing, is listed by its name alone.
func Profiles(ctx context.Context, o Options) ([]Profile, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	s := &Session{opts: o}
	names := map[string]bool{}
	for _, f := range s.configFiles() {
		if err := sections(f, names, true); err != nil {
			return nil, err
		}
	}
	for _, f := range s.credentialsFiles() {
		if err := sections(f, names, false); err != nil {
			return nil, err
		}
	}
	var list []Profile
	for name := range names {
		list = append(list, s.described(ctx, name))
	}
	slices.SortFunc(list, func(a, b Profile) int {
		if (a.Name == "default") != (b.Name == "default") {
			return map[bool]int{true: -1, false: 1}[a.Name == "default"]
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list, nil
}

// sections notes the profiles a file has. The config file writes [profile NAME],
// but [default], and has sections of other kinds; the credentials file writes
// [NAME] (AWS SDKs and Tools Reference Guide, "Format of the config file").
func sections(file string, names map[string]bool, isConfig bool) error {
	f, err := os.Open(file)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "[")
		name, _, closed := strings.Cut(name, "]")
		name = strings.TrimSpace(name)
		if isConfig && name != "default" {
			kind, rest, _ := strings.Cut(name, " ")
			ok, name = ok && kind == "profile", strings.Trim(strings.TrimSpace(rest), `"'`)
		}
		if ok && closed && name != "" {
			names[name] = true
		}
	}
	return lines.Err()
}

func (s *Session) described(ctx context.Context, name string) Profile {
	p := Profile{Name: name}
	shared, err := config.LoadSharedConfigProfile(ctx, name, func(o *config.LoadSharedConfigOptions) {
		o.ConfigFiles, o.CredentialsFiles = s.configFiles(), s.credentialsFiles()
	})
	if err != nil {
		return p
	}
	p.Region, p.Account = awsid.Region(shared.Region), awsid.AccountID(shared.SSOAccountID)
	if role, err := awsid.ParseARN(shared.RoleARN); err == nil {
		p.Account = role.Account
	}
	return p
}
