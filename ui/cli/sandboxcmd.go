package cli

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"snapferry/steps"
)

type sandboxOptions struct {
	data     string
	addr     string
	upstream []string
	printEnv bool
	list     bool
}

// sandboxName is the command that runs a sandbox for others.
const sandboxName = "sandbox"

func (a *app) sandboxCommand() *cobra.Command {
	o := &sandboxOptions{}
	c := &cobra.Command{
		Use:   sandboxName,
		Short: "Run the embedded AWS on loopback for this and other programs",
		Long: `Three AWS accounts (source, target, jump) with IAM, STS, S3, KMS and OpenSearch
domains, on loopback only, under the real host names over TLS. Prints what makes AWS CLI, boto3, curl or
Terraform use it. Ctrl+C ends it; its world stays in the directory.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.serveSandbox(c.Context(), o) },
	}
	c.Flags().StringVar(&o.data, "data", "snapferry-sandbox", "`directory` of its world")
	c.Flags().StringVar(&o.addr, "addr", "", "loopback `address` to listen on; any free port if left out")
	c.Flags().StringArrayVar(&o.upstream, "upstream", nil, "`DOMAIN=URL` puts a real node behind the front of a domain (source, target or next); repeat for more")
	c.Flags().BoolVar(&o.printEnv, "print-env", false, "print the environment of the one that is running in --data, and end")
	c.Flags().BoolVar(&o.list, "list-faults", false, "list the fault cards for --fault, and end")
	return c
}

func (a *app) serveSandbox(ctx context.Context, o *sandboxOptions) error {
	if o.list {
		return a.listFaults()
	}
	if o.printEnv {
		info, err := joinSandbox(o.data)
		if err != nil {
			return err
		}
		return a.printEnv(info)
	}
	up, err := upstreams(o.upstream)
	if err != nil {
		return err
	}
	s, err := a.openSandbox(ctx, o.data, o.addr, up)
	if err != nil {
		return err
	}
	defer closeSandbox(s)
	if err := a.announce(s.Info()); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-a.Signals:
	}
	fmt.Fprintf(a.Err, "\nThe sandbox has ended; its world stays in %s.\n", o.data)
	return nil
}

// upstreams reads DOMAIN=URL before anything is made for them.
func upstreams(said []string) (map[string]string, error) {
	labels := sandboxDomains()
	up := map[string]string{}
	for _, u := range said {
		label, at, _ := strings.Cut(u, "=")
		if !slices.Contains(labels, label) {
			return nil, mistyped(steps.T("--upstream %s: the sandbox has no domain %q", u, label),
				steps.T("There are: %s", strings.Join(labels, ", ")), label, labels)
		}
		if node, err := url.Parse(at); err != nil || node.Host == "" || (node.Scheme != "http" && node.Scheme != "https") {
			return nil, usage(&steps.Error{
				Summary: steps.T("--upstream %s wants the URL of a node behind the sign, not %q", label, at),
				Fix:     steps.T("For example: --upstream %s=http://127.0.0.1:9200", label),
			})
		}
		up[label] = at
	}
	return up, nil
}

// announce says how the sandbox is used: for programs as one JSON object, for
// people as lines.
func (a *app) announce(info sandboxInfo) error {
	if a.json {
		return a.object(sandboxObject(info))
	}
	fmt.Fprintf(a.Out, "The sandbox listens on %s; its world is in %s.\n\n", info.Address, info.Dir)
	for _, d := range info.Domains {
		fmt.Fprintf(a.Out, "  %-8s %s  %-10s %-18s https://%s\n", d.Label, d.Account, d.Name, d.Version, d.Endpoint)
		fmt.Fprintf(a.Out, "  %-8s access: %s%s\n", "", d.Access, masterOf(d.Master, d.MasterPassword))
	}
	fmt.Fprintf(a.Out, "\nFor other programs, in their shell:\n\n")
	if err := a.printEnv(info); err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "\nProfiles: %s. For snapferry itself: --sandbox=%s\nCtrl+C ends it.\n", strings.Join(profiles(info), ", "), info.Dir)
	return nil
}

// masterOf names who may do everything on a domain with fine-grained access
// control. A password of the sandbox opens nothing but the sandbox.
func masterOf(master, password string) string {
	switch {
	case master == "":
		return ""
	case password == "":
		return ", master " + master
	}
	return ", master " + master + " with the password " + password
}

func profiles(info sandboxInfo) []string {
	var list []string
	for _, acc := range info.Accounts {
		list = append(list, acc.Label)
	}
	return list
}

// printEnv writes lines a shell can take as they are.
func (a *app) printEnv(info sandboxInfo) error {
	for _, name := range ambientVariables() {
		if _, err := fmt.Fprintf(a.Out, "unset %s\n", name); err != nil {
			return err
		}
	}
	for _, v := range info.Env() {
		if _, err := fmt.Fprintf(a.Out, "export %s=%s\n", v.Name, steps.ShellWord(v.Value)); err != nil {
			return err
		}
	}
	return nil
}
