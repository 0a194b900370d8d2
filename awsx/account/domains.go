package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"

	"snapferry/awsx/awsid"
)

// The new API describes domains of both engines; IAM names its actions es:*.
func (a *Account) domains() *opensearch.Client { return opensearch.NewFromConfig(a.session.AWS()) }

// Domains lists the domains of the account in the session's region.
// Needs es:ListDomainNames.
func (a *Account) Domains(ctx context.Context) ([]DomainSummary, error) {
	out, err := a.domains().ListDomainNames(ctx, &opensearch.ListDomainNamesInput{})
	if err != nil {
		return nil, fail(err)
	}
	var list []DomainSummary
	for _, d := range out.DomainNames {
		list = append(list, DomainSummary{Name: awsid.DomainName(aws.ToString(d.DomainName)), Family: awsid.Family(d.EngineType)})
	}
	return list, nil
}

// Domain describes one; nil when absent.
// Needs es:DescribeDomain.
func (a *Account) Domain(ctx context.Context, name awsid.DomainName) (*Domain, error) {
	out, err := a.domains().DescribeDomain(ctx, &opensearch.DescribeDomainInput{DomainName: aws.String(string(name))})
	if err != nil {
		return nil, ignore(err, "ResourceNotFoundException")
	}
	return domain(out.DomainStatus), nil
}

// DomainHealth is how the service sees a domain's cluster, in the cluster's own words:
// green, yellow, red. It tells even whom the domain itself does not let in; "" where it
// cannot tell.
// Needs es:DescribeDomainHealth.
func (a *Account) DomainHealth(ctx context.Context, name awsid.DomainName) (string, error) {
	out, err := a.domains().DescribeDomainHealth(ctx, &opensearch.DescribeDomainHealthInput{DomainName: aws.String(string(name))})
	if err != nil {
		return "", fail(err)
	}
	switch out.ClusterHealth {
	case types.DomainHealthGreen, types.DomainHealthYellow, types.DomainHealthRed:
		return strings.ToLower(string(out.ClusterHealth)), nil
	}
	return "", nil
}

// PutAccessPolicy replaces the domain's access policy. The domain is Processing
// for some minutes afterwards.
// Needs es:UpdateDomainConfig.
func (a *Account) PutAccessPolicy(ctx context.Context, name awsid.DomainName, doc Document) error {
	_, err := a.domains().UpdateDomainConfig(ctx, &opensearch.UpdateDomainConfigInput{
		DomainName: aws.String(string(name)), AccessPolicies: aws.String(string(doc)),
	})
	return fail(err)
}

func domain(s *types.DomainStatus) *Domain {
	d := &Domain{
		ARN: arn(s.ARN), Name: awsid.DomainName(aws.ToString(s.DomainName)), ID: aws.ToString(s.DomainId),
		Endpoint: aws.ToString(s.Endpoint), DualStack: aws.ToString(s.EndpointV2),
		Created: aws.ToBool(s.Created), Deleted: aws.ToBool(s.Deleted),
		Processing: aws.ToBool(s.Processing), Upgrading: aws.ToBool(s.UpgradeProcessing),
		State: string(s.DomainProcessingStatus), AdvancedOptions: s.AdvancedOptions,
		OverrideVersion: s.AdvancedOptions["override_main_response_version"] == "true",
	}
	// An engine this program has never heard of stays unknown.
	d.Version, _ = awsid.ParseEngineVersion(aws.ToString(s.EngineVersion))
	if p := aws.ToString(s.AccessPolicies); p != "" {
		d.AccessPolicy = Document(p)
	}
	d.endpoints(s)
	d.security(s.AdvancedSecurityOptions)
	d.nodes(s.ClusterConfig)
	d.storage(s)
	if w := s.ServiceSoftwareOptions; w != nil {
		d.Software = Software{
			Current: aws.ToString(w.CurrentVersion), New: aws.ToString(w.NewVersion),
			Available: aws.ToBool(w.UpdateAvailable), Status: string(w.UpdateStatus),
		}
	}
	if p := s.AutomatedSnapshotPauseOptions; p != nil {
		d.SnapshotPause = &SnapshotPause{Enabled: aws.ToBool(p.Enabled), Start: aws.ToTime(p.StartTime), End: aws.ToTime(p.EndTime), State: string(p.State)}
	}
	return d
}

// endpoints: a public domain has Endpoint, one in a VPC has Endpoints["vpc"].
func (d *Domain) endpoints(s *types.DomainStatus) {
	if vpc := s.Endpoints["vpc"]; vpc != "" && d.Endpoint == "" {
		d.Endpoint = vpc
	}
	if v2 := s.Endpoints["vpcv2"]; v2 != "" && d.DualStack == "" {
		d.DualStack = v2
	}
	if o := s.DomainEndpointOptions; o != nil {
		d.EnforceHTTPS, d.TLSPolicy = aws.ToBool(o.EnforceHTTPS), string(o.TLSSecurityPolicy)
		if aws.ToBool(o.CustomEndpointEnabled) {
			d.CustomEndpoint = aws.ToString(o.CustomEndpoint)
		}
	}
	if v := s.VPCOptions; v != nil && aws.ToString(v.VPCId) != "" {
		d.VPC = &VPC{ID: aws.ToString(v.VPCId), Subnets: v.SubnetIds, SecurityGroups: v.SecurityGroupIds, Zones: v.AvailabilityZones}
	}
}

func (d *Domain) security(o *types.AdvancedSecurityOptions) {
	if o == nil {
		return
	}
	d.Security = Security{
		Enabled: aws.ToBool(o.Enabled), InternalUsers: aws.ToBool(o.InternalUserDatabaseEnabled),
		Anonymous: aws.ToBool(o.AnonymousAuthEnabled), AnonymousUntil: aws.ToTime(o.AnonymousAuthDisableDate),
		SAML:          o.SAMLOptions != nil && aws.ToBool(o.SAMLOptions.Enabled),
		JWT:           o.JWTOptions != nil && aws.ToBool(o.JWTOptions.Enabled),
		IAMFederation: o.IAMFederationOptions != nil && aws.ToBool(o.IAMFederationOptions.Enabled),
	}
}

func (d *Domain) nodes(c *types.ClusterConfig) {
	if c == nil {
		return
	}
	n := Nodes{
		Type: string(c.InstanceType), Count: int(aws.ToInt32(c.InstanceCount)),
		DedicatedManagers: aws.ToBool(c.DedicatedMasterEnabled), ManagerType: string(c.DedicatedMasterType), ManagerCount: int(aws.ToInt32(c.DedicatedMasterCount)),
		Warm: aws.ToBool(c.WarmEnabled), WarmType: string(c.WarmType), WarmCount: int(aws.ToInt32(c.WarmCount)),
		Cold: c.ColdStorageOptions != nil && aws.ToBool(c.ColdStorageOptions.Enabled), Zones: 1,
		Standby: aws.ToBool(c.MultiAZWithStandbyEnabled),
	}
	if aws.ToBool(c.ZoneAwarenessEnabled) {
		n.Zones = 2 // what the service takes when no number was said
		if z := c.ZoneAwarenessConfig; z != nil && z.AvailabilityZoneCount != nil {
			n.Zones = int(*z.AvailabilityZoneCount)
		}
	}
	family, _, _ := strings.Cut(n.Type, ".")
	switch family {
	case "or1", "or2", "om2", "oi2":
		n.RemoteBacked = true
	}
	d.Nodes = n
}

func (d *Domain) storage(s *types.DomainStatus) {
	if e := s.EncryptionAtRestOptions; e != nil {
		d.EncryptedAtRest, d.DomainKey = aws.ToBool(e.Enabled), aws.ToString(e.KmsKeyId)
	}
	if o := s.NodeToNodeEncryptionOptions; o != nil {
		d.NodeToNode = aws.ToBool(o.Enabled)
	}
	if e := s.EBSOptions; e != nil {
		d.Volume = Volume{
			EBS: aws.ToBool(e.EBSEnabled), SizeGiB: int(aws.ToInt32(e.VolumeSize)), Type: string(e.VolumeType),
			IOPS: int(aws.ToInt32(e.Iops)), Throughput: int(aws.ToInt32(e.Throughput)),
		}
	}
	if o := s.SnapshotOptions; o != nil {
		d.AutomatedHourUTC = int(aws.ToInt32(o.AutomatedSnapshotStartHour))
	}
}
