/** The headers of a channel in an event, whose names may begin with what it is there: `DestChannel`. */
type Snapshot<As extends string = ''> =
  `${As}${'Channel' | 'ChannelState' | 'ChannelStateDesc' | 'CallerIDNum' | 'CallerIDName' | 'ConnectedLineNum' | 'ConnectedLineName' | 'Language' | 'AccountCode' | 'Context' | 'Exten' | 'Priority' | 'Uniqueid' | 'Linkedid'}`;

/** The headers of a bridge in an event. */
type Bridge<As extends string = ''> =
  `${As}${'BridgeUniqueid' | 'BridgeType' | 'BridgeTechnology' | 'BridgeCreator' | 'BridgeName' | 'BridgeNumChannels' | 'BridgeVideoSourceMode' | 'BridgeVideoSource'}`;

/**
 * The events of Asterisk 22, and the items of its lists, with the headers that each has beside `Event`, `Privilege` and `ActionID`.
 * Events and headers that are not here are read just so. Your own become known by declaration merging.
 * @example
 * declare module 'fastagi/manager' {
 *   interface ManagerEvents {
 *     UserEvent: 'UserEvent' | 'Ticket';
 *   }
 * }
 */
// prettier-ignore
export interface ManagerEvents {
  AgentCalled: Snapshot | Snapshot<'Dest'> | 'Queue' | 'MemberName' | 'Interface';
  AgentComplete: Snapshot | Snapshot<'Dest'> | 'TalkTime' | 'Reason' | 'Queue' | 'MemberName' | 'Interface' | 'HoldTime';
  AgentConnect: Snapshot | Snapshot<'Dest'> | 'Queue' | 'MemberName' | 'Interface' | 'RingTime' | 'HoldTime';
  AgentDump: Snapshot | Snapshot<'Dest'> | 'Queue' | 'MemberName' | 'Interface';
  AgentLogin: Snapshot | 'Agent';
  AgentLogoff: Snapshot | 'Agent' | 'Logintime';
  AgentRingNoAnswer: Snapshot | Snapshot<'Dest'> | 'RingTime' | 'Queue' | 'MemberName' | 'Interface';
  Agents: Snapshot | 'Agent' | 'Name' | 'Status' | 'TalkingToChan' | 'CallStarted' | 'LoggedInTime';
  AGIExecEnd: Snapshot | 'ResultCode' | 'Result' | 'Command' | 'CommandId';
  AGIExecStart: Snapshot | 'Command' | 'CommandId';
  Alarm: 'DAHDIChannel' | 'Alarm';
  AlarmClear: 'DAHDIChannel';
  'AOC-D': Snapshot | 'Charge' | 'Type' | 'BillingID' | 'TotalType' | 'Currency' | 'Name' | 'Cost' | 'Multiplier' | 'Units' | 'NumberOf' |
    'TypeOf';
  'AOC-E': Snapshot | 'ChargingAssociation' | 'Number' | 'Plan' | 'ID' | 'Charge' | 'Type' | 'BillingID' | 'TotalType' | 'Currency' |
    'Name' | 'Cost' | 'Multiplier' | 'Units' | 'NumberOf' | 'TypeOf';
  'AOC-S': Snapshot | 'Chargeable' | 'RateType' | 'Currency' | 'Name' | 'Cost' | 'Multiplier' | 'ChargingType' | 'StepFunction' |
    'Granularity' | 'Length' | 'Scale' | 'Unit' | 'SpecialCode';
  AorDetail: 'ObjectType' | 'ObjectName' | 'MinimumExpiration' | 'MaximumExpiration' | 'DefaultExpiration' | 'QualifyFrequency' |
    'AuthenticateQualify' | 'MaxContacts' | 'RemoveExisting' | 'RemoveUnavailable' | 'Mailboxes' | 'OutboundProxy' | 'SupportPath' |
    'Qualify2xxOnly' | 'QualifyTimeout' | 'VoicemailExtension' | 'Contacts' | 'TotalContacts' | 'ContactsRegistered' | 'EndpointName';
  AorList: 'ObjectType' | 'ObjectName' | 'MinimumExpiration' | 'MaximumExpiration' | 'DefaultExpiration' | 'QualifyFrequency' |
    'QualifyTimeout' | 'Qualify2xxOnly' | 'AuthenticateQualify' | 'MaxContacts' | 'RemoveExisting' | 'RemoveUnavailable' | 'Mailboxes' |
    'VoicemailExtension' | 'OutboundProxy' | 'SupportPath' | 'Contacts';
  AsyncAGIEnd: Snapshot;
  AsyncAGIExec: Snapshot | 'CommandID' | 'Result';
  AsyncAGIStart: Snapshot | 'Env';
  AttendedTransfer: Snapshot<'OrigTransferer'> | Snapshot<'SecondTransferer'> | Snapshot<'LocalOne'> | Snapshot<'LocalTwo'> |
    Snapshot<'Transferee'> | Snapshot<'TransferTarget'> | Bridge<'Orig'> | Bridge<'Second'> | 'DestType' | 'DestBridgeUniqueid' | 'DestApp'
    | 'DestTransfererChannel' | 'Result';
  AuthDetail: 'ObjectType' | 'ObjectName' | 'Username' | 'Password' | 'Md5Cred' | 'Realm' | 'NonceLifetime' | 'AuthType' | 'EndpointName'
    | 'OauthClientid' | 'OauthSecret' | 'PasswordDigest' | 'RefreshToken' | 'SupportedAlgorithmsUac' | 'SupportedAlgorithmsUas';
  AuthList: 'ObjectType' | 'ObjectName' | 'Username' | 'Md5Cred' | 'Realm' | 'AuthType' | 'Password' | 'NonceLifetime' | 'OauthClientid' |
    'OauthSecret' | 'PasswordDigest' | 'RefreshToken' | 'SupportedAlgorithmsUac' | 'SupportedAlgorithmsUas';
  AuthMethodNotAllowed: 'AuthMethod' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' |
    'RemoteAddress' | 'Module' | 'SessionTV';
  BlindTransfer: Snapshot<'Transferer'> | Snapshot<'Transferee'> | Bridge | 'Result' | 'IsExternal' | 'Context' | 'Extension';
  BridgeCreate: Bridge;
  BridgeDestroy: Bridge;
  BridgeEnter: Snapshot | Bridge | 'SwapUniqueid';
  BridgeInfoChannel: Snapshot;
  BridgeInfoComplete: Bridge;
  BridgeLeave: Snapshot | Bridge;
  BridgeMerge: Bridge<'To'> | Bridge<'From'>;
  BridgeVideoSourceUpdate: Bridge | 'BridgePreviousVideoSource';
  Cdr: 'AccountCode' | 'Source' | 'Destination' | 'DestinationContext' | 'CallerID' | 'Channel' | 'DestinationChannel' | 'LastApplication'
    | 'LastData' | 'StartTime' | 'AnswerTime' | 'EndTime' | 'Duration' | 'BillableSeconds' | 'Disposition' | 'AMAFlags' | 'UniqueID' |
    'UserField';
  CEL: 'EventName' | 'AccountCode' | 'CallerIDnum' | 'CallerIDname' | 'CallerIDani' | 'CallerIDrdnis' | 'CallerIDdnid' | 'Exten' |
    'Context' | 'Application' | 'AppData' | 'EventTime' | 'AMAFlags' | 'UniqueID' | 'LinkedID' | 'UserField' | 'Peer' | 'PeerAccount' |
    'Extra';
  ChallengeResponseFailed: 'Challenge' | 'Response' | 'ExpectedResponse' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' |
    'AccountID' | 'SessionID' | 'LocalAddress' | 'RemoteAddress' | 'Module' | 'SessionTV';
  ChallengeSent: 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' | 'RemoteAddress' |
    'Challenge' | 'Module' | 'SessionTV';
  ChannelTalkingStart: Snapshot;
  ChannelTalkingStop: Snapshot | 'Duration';
  ChanSpyStart: Snapshot<'Spyer'> | Snapshot<'Spyee'>;
  ChanSpyStop: Snapshot<'Spyer'> | Snapshot<'Spyee'>;
  ConfbridgeEnd: Bridge | 'Conference';
  ConfbridgeJoin: Snapshot | Bridge | 'Conference' | 'Admin' | 'Muted';
  ConfbridgeLeave: Snapshot | Bridge | 'Conference' | 'Admin';
  ConfbridgeList: Snapshot | 'Conference' | 'Admin' | 'MarkedUser' | 'WaitMarked' | 'EndMarked' | 'Waiting' | 'Muted' | 'Talking' |
    'AnsweredTime';
  ConfbridgeListRooms: 'Conference' | 'Parties' | 'Marked' | 'Locked' | 'Muted';
  ConfbridgeMute: Snapshot | Bridge | 'Conference' | 'Admin';
  ConfbridgeRecord: Bridge | 'Conference';
  ConfbridgeStart: Bridge | 'Conference';
  ConfbridgeStopRecord: Bridge | 'Conference';
  ConfbridgeTalking: Snapshot | Bridge | 'Conference' | 'TalkingStatus' | 'Admin';
  ConfbridgeUnmute: Snapshot | Bridge | 'Conference' | 'Admin';
  ContactList: 'ObjectType' | 'ObjectName' | 'ViaAddr' | 'ViaPort' | 'QualifyTimeout' | 'CallId' | 'RegServer' | 'PruneOnBoot' | 'Path' |
    'Endpoint' | 'AuthenticateQualify' | 'Uri' | 'QualifyFrequency' | 'UserAgent' | 'ExpirationTime' | 'OutboundProxy' | 'Status' |
    'RoundtripUsec' | 'Qualify2xxOnly';
  ContactStatus: 'URI' | 'ContactStatus' | 'AOR' | 'EndpointName' | 'RoundtripUsec';
  ContactStatusDetail: 'AOR' | 'URI' | 'Status' | 'RoundtripUsec' | 'EndpointName' | 'UserAgent' | 'RegExpire' | 'ViaAddress' | 'CallID' |
    'ID' | 'AuthenticateQualify' | 'OutboundProxy' | 'Path' | 'QualifyFrequency' | 'QualifyTimeout' | 'Qualify2xxOnly';
  CoreShowChannel: Snapshot | 'BridgeId' | 'Application' | 'ApplicationData' | 'Duration';
  DAHDIChannel: Snapshot | 'DAHDIGroup' | 'DAHDISpan' | 'DAHDIChannel';
  DeadlockStart: 'Mutex';
  DeviceStateChange: 'Device' | 'State';
  DialBegin: Snapshot | Snapshot<'Dest'> | 'DialString';
  DialEnd: Snapshot | Snapshot<'Dest'> | 'DialStatus' | 'Forward';
  DialState: Snapshot | Snapshot<'Dest'> | 'DialStatus' | 'Forward';
  DNDState: 'DAHDIChannel' | 'Status';
  DTMFBegin: Snapshot | 'Digit' | 'Direction';
  DTMFEnd: Snapshot | 'Digit' | 'DurationMs' | 'Direction';
  EndpointDetail: 'ObjectType' | 'ObjectName' | 'Context' | 'Allow' | 'DtmfMode' | 'RtpIpv6' | 'RtpSymmetric' | 'IceSupport' | 'UsePtime'
    | 'ForceRport' | 'RewriteContact' | 'Transport' | 'OutboundProxy' | 'MohSuggest' | '100rel' | 'Timers' | 'TimersMinSe' |
    'TimersSessExpires' | 'Auth' | 'OutboundAuth' | 'Aors' | 'MediaAddress' | 'IdentifyBy' | 'DirectMedia' | 'DirectMediaMethod' |
    'TrustConnectedLine' | 'SendConnectedLine' | 'ConnectedLineMethod' | 'DirectMediaGlareMitigation' | 'DisableDirectMediaOnNat' |
    'Callerid' | 'CalleridPrivacy' | 'CalleridTag' | 'TrustIdInbound' | 'TrustIdOutbound' | 'SendPai' | 'SendRpid' | 'SendDiversion' |
    'Mailboxes' | 'AggregateMwi' | 'MediaEncryption' | 'MediaEncryptionOptimistic' | 'UseAvpf' | 'ForceAvp' | 'MediaUseReceivedTransport' |
    'OneTouchRecording' | 'InbandProgress' | 'CallGroup' | 'PickupGroup' | 'NamedCallGroup' | 'NamedPickupGroup' | 'DeviceStateBusyAt' |
    'T38Udptl' | 'T38UdptlEc' | 'T38UdptlMaxdatagram' | 'FaxDetect' | 'T38UdptlNat' | 'T38UdptlIpv6' | 'T38BindUdptlToMediaAddress' |
    'ToneZone' | 'Language' | 'RecordOnFeature' | 'RecordOffFeature' | 'AllowTransfer' | 'UserEqPhone' | 'MohPassthrough' | 'SdpOwner' |
    'SdpSession' | 'TosAudio' | 'TosVideo' | 'CosAudio' | 'CosVideo' | 'AllowSubscribe' | 'SubMinExpiry' | 'FromUser' | 'FromDomain' |
    'MwiFromUser' | 'RtpEngine' | 'DtlsVerify' | 'DtlsRekey' | 'DtlsCertFile' | 'DtlsPrivateKey' | 'DtlsCipher' | 'DtlsCaFile' |
    'DtlsCaPath' | 'DtlsSetup' | 'SrtpTag32' | 'RedirectMethod' | 'SetVar' | 'MessageContext' | 'Accountcode' | 'PreferredCodecOnly' |
    'DeviceState' | 'ActiveChannels' | 'SubscribeContext' | 'AllowOverlap' | 'OverlapContext' | 'AcceptMultipleSdpAnswers' | 'Acl' |
    'AllowUnauthenticatedOptions' | 'AsymmetricRtpCodec' | 'BindRtpToMediaAddress' | 'Bundle' | 'CodecPrefsIncomingAnswer' |
    'CodecPrefsIncomingOffer' | 'CodecPrefsOutgoingAnswer' | 'CodecPrefsOutgoingOffer' | 'ContactAcl' | 'DtlsAutoGenerateCert' |
    'DtlsFingerprint' | 'FaxDetectTimeout' | 'FollowEarlyMediaFork' | 'G726NonStandard' | 'GeolocIncomingCallProfile' |
    'GeolocOutgoingCallProfile' | 'Ignore183WithoutSdp' | 'IncomingCallOfferPref' | 'IncomingMwiMailbox' | 'MaxAudioStreams' |
    'MaxVideoStreams' | 'MwiSubscribeReplacesUnsolicited' | 'NotifyEarlyInuseRinging' | 'OutgoingCallOfferPref' | 'ReferBlindProgress' |
    'RpidImmediate' | 'RtcpMux' | 'RtpKeepalive' | 'RtpTimeout' | 'RtpTimeoutHold' | 'RtpPortStart' | 'RtpPortEnd' | 'SecurityNegotiation' |
    'SendAoc' | 'SendHistoryInfo' | 'StirShaken' | 'StirShakenProfile' | 'SuppressMohOnSendonly' | 'SuppressQ850ReasonHeaders' | 'Tenantid'
    | 'VoicemailExtension' | 'Webrtc';
  EndpointList: 'ObjectType' | 'ObjectName' | 'Transport' | 'Aor' | 'Auths' | 'OutboundAuths' | 'DeviceState' | 'ActiveChannels' |
    'Contacts';
  ExtensionStatus: 'Exten' | 'Context' | 'Hint' | 'Status' | 'StatusText';
  FailedACL: 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' | 'RemoteAddress' | 'Module'
    | 'ACLName' | 'SessionTV';
  FAXSession: 'SessionNumber' | 'ErrorCorrectionMode' | 'DataRate' | 'ImageResolution' | 'PageNumber' | 'FileName' | 'PagesTransmitted' |
    'PagesReceived' | 'TotalBadLines' | 'Operation' | 'State';
  FAXSessionsComplete: 'Total';
  FAXSessionsEntry: 'Channel' | 'Technology' | 'SessionNumber' | 'SessionType' | 'Operation' | 'State' | 'Files';
  FAXStats: 'CurrentSessions' | 'ReservedSessions' | 'TransmitAttempts' | 'ReceiveAttempts' | 'CompletedFAXes' | 'FailedFAXes';
  FAXStatus: Snapshot | 'Operation' | 'Status' | 'LocalStationID' | 'FileName';
  Flash: Snapshot;
  FullyBooted: 'Status' | 'Uptime' | 'LastReload';
  Hangup: Snapshot | 'Cause' | 'Cause-txt' | 'TechCause';
  HangupHandlerPop: Snapshot | 'Handler';
  HangupHandlerPush: Snapshot | 'Handler';
  HangupHandlerRun: Snapshot | 'Handler';
  HangupRequest: Snapshot | 'Cause';
  Hold: Snapshot | 'MusicClass';
  IdentifyDetail: 'ObjectType' | 'ObjectName' | 'Endpoint' | 'SrvLookups' | 'Match' | 'MatchHeader' | 'MatchRequestUri' | 'EndpointName';
  InboundRegistrationDetail: 'ObjectType' | 'ObjectName' | 'MinimumExpiration' | 'DefaultExpiration' | 'QualifyTimeout' | 'Qualify2xxOnly'
    | 'Mailboxes' | 'SupportPath' | 'RemoveUnavailable' | 'VoicemailExtension' | 'MaxContacts' | 'AuthenticateQualify' | 'MaximumExpiration'
    | 'QualifyFrequency' | 'RemoveExisting' | 'OutboundProxy' | 'Contacts' | 'Contact';
  InboundSubscriptionDetail: 'Role' | 'Endpoint' | 'Callid' | 'State' | 'Callerid' | 'SubscriptionType' | 'Extension' | 'ExtensionStates'
    | 'Mailboxes';
  InvalidAccountID: 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' | 'RemoteAddress' |
    'Module' | 'SessionTV';
  InvalidPassword: 'Challenge' | 'ReceivedChallenge' | 'ReceivedHash' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID'
    | 'SessionID' | 'LocalAddress' | 'RemoteAddress' | 'Module' | 'SessionTV';
  InvalidTransport: 'AttemptedTransport' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' |
    'LocalAddress' | 'RemoteAddress' | 'Module' | 'SessionTV';
  Load: 'Module' | 'Status';
  LoadAverageLimit: 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' | 'RemoteAddress' |
    'Module' | 'SessionTV';
  LocalBridge: Snapshot<'LocalOne'> | Snapshot<'LocalTwo'> | 'Context' | 'Exten' | 'LocalOptimization';
  LocalOptimizationBegin: Snapshot<'LocalOne'> | Snapshot<'LocalTwo'> | Snapshot<'Source'> | 'DestUniqueId' | 'Id';
  LocalOptimizationEnd: Snapshot<'LocalOne'> | Snapshot<'LocalTwo'> | 'Success' | 'Id';
  LogChannel: 'Channel';
  MCID: Snapshot | 'MCallerIDNumValid' | 'MCallerIDNum' | 'MCallerIDton' | 'MCallerIDNumPlan' | 'MCallerIDNumPres' | 'MCallerIDNameValid'
    | 'MCallerIDName' | 'MCallerIDNameCharSet' | 'MCallerIDNamePres' | 'MCallerIDSubaddr' | 'MCallerIDSubaddrType' | 'MCallerIDSubaddrOdd' |
    'MCallerIDPres' | 'MConnectedIDNumValid' | 'MConnectedIDNum' | 'MConnectedIDton' | 'MConnectedIDNumPlan' | 'MConnectedIDNumPres' |
    'MConnectedIDNameValid' | 'MConnectedIDName' | 'MConnectedIDNameCharSet' | 'MConnectedIDNamePres' | 'MConnectedIDSubaddr' |
    'MConnectedIDSubaddrType' | 'MConnectedIDSubaddrOdd' | 'MConnectedIDPres';
  MeetmeEnd: 'Meetme';
  MeetmeJoin: Snapshot | 'Meetme' | 'User';
  MeetmeLeave: Snapshot | 'Duration' | 'Meetme' | 'User';
  MeetmeList: 'Conference' | 'UserNumber' | 'CallerIDNum' | 'CallerIDName' | 'ConnectedLineNum' | 'ConnectedLineName' | 'Channel' |
    'Admin' | 'Role' | 'MarkedUser' | 'Muted' | 'Talking';
  MeetmeListRooms: 'Conference' | 'Parties' | 'Marked' | 'Activity' | 'Creation' | 'Locked';
  MeetmeMute: Snapshot | 'Meetme' | 'User' | 'Duration' | 'Status';
  MeetmeTalking: Snapshot | 'Meetme' | 'User' | 'Duration' | 'Status';
  MeetmeTalkRequest: Snapshot | 'Duration' | 'Status' | 'Meetme' | 'User';
  MemoryLimit: 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' | 'RemoteAddress' |
    'Module' | 'SessionTV';
  MessageWaiting: Snapshot | 'Mailbox' | 'Waiting' | 'New' | 'Old';
  MiniVoiceMail: Snapshot | 'Action' | 'Mailbox' | 'Counter';
  MixMonitorMute: Snapshot | 'Direction' | 'State';
  MixMonitorStart: Snapshot;
  MixMonitorStop: Snapshot;
  MusicOnHoldStart: Snapshot | 'Class';
  MusicOnHoldStop: Snapshot;
  MWIGet: 'Mailbox' | 'OldMessages' | 'NewMessages';
  NewAccountCode: Snapshot | 'OldAccountCode';
  NewCallerid: Snapshot | 'CID-CallingPres';
  Newchannel: Snapshot;
  NewConnectedLine: Snapshot;
  Newexten: Snapshot | 'Extension' | 'Application' | 'AppData';
  Newstate: Snapshot;
  OriginateResponse: 'Response' | 'Channel' | 'Context' | 'Exten' | 'Application' | 'Data' | 'Reason' | 'Uniqueid' | 'CallerIDNum' |
    'CallerIDName';
  OutboundRegistrationDetail: 'ObjectType' | 'ObjectName' | 'MaxRetries' | 'ClientUri' | 'SecurityNegotiation' | 'AuthRejectionPermanent'
    | 'ServerUri' | 'MaxRandomInitialDelay' | 'SupportPath' | 'RetryInterval' | 'ContactHeaderParams' | 'Expiration' | 'Transport' | 'Line'
    | 'ContactUser' | 'Endpoint' | 'UserAgent' | 'ForbiddenRetryInterval' | 'OutboundAuth' | 'OutboundProxy' | 'FatalRetryInterval' |
    'SupportOutbound' | 'Status' | 'NextReg';
  OutboundSubscriptionDetail: 'Role' | 'Endpoint' | 'Callid' | 'State' | 'Callerid' | 'SubscriptionType' | 'Extension' | 'ExtensionStates'
    | 'Mailboxes';
  ParkedCall: Snapshot<'Parkee'> | 'ParkerDialString' | 'Parkinglot' | 'ParkingSpace' | 'ParkingTimeout' | 'ParkingDuration';
  ParkedCallGiveUp: Snapshot<'Parkee'> | Snapshot<'Parker'> | 'ParkerDialString' | 'Parkinglot' | 'ParkingSpace' | 'ParkingTimeout' |
    'ParkingDuration';
  ParkedCallSwap: Snapshot<'Parkee'> | Snapshot<'Parker'> | 'ParkerDialString' | 'Parkinglot' | 'ParkingSpace' | 'ParkingTimeout' |
    'ParkingDuration';
  ParkedCallTimeOut: Snapshot<'Parkee'> | Snapshot<'Parker'> | 'ParkerDialString' | 'Parkinglot' | 'ParkingSpace' | 'ParkingTimeout' |
    'ParkingDuration';
  PeerStatus: 'ChannelType' | 'Peer' | 'PeerStatus' | 'Cause' | 'Address' | 'Port' | 'Time';
  Pickup: Snapshot | Snapshot<'Target'>;
  PJSIPMaintenanceStatus: 'Endpoint' | 'Status';
  PresenceStateChange: 'Presentity' | 'Status' | 'Subtype' | 'Message';
  PresenceStatus: 'Exten' | 'Context' | 'Hint' | 'Status' | 'Subtype' | 'Message';
  QueueCallerAbandon: Snapshot | 'OriginalPosition' | 'HoldTime' | 'Queue' | 'Position';
  QueueCallerJoin: Snapshot | 'Position' | 'Count' | 'Queue';
  QueueCallerLeave: Snapshot | 'Queue' | 'Count' | 'Position';
  QueueEntry: 'Queue' | 'Position' | 'Channel' | 'Uniqueid' | 'CallerIDNum' | 'CallerIDName' | 'ConnectedLineNum' | 'ConnectedLineName' |
    'Wait' | 'Priority';
  QueueMemberAdded: 'Queue' | 'MemberName' | 'Interface' | 'StateInterface' | 'Membership' | 'Penalty' | 'CallsTaken' | 'LastCall' |
    'LastPause' | 'LoginTime' | 'InCall' | 'Status' | 'Paused' | 'PausedReason' | 'Ringinuse' | 'Wrapuptime';
  QueueMemberPause: 'Queue' | 'MemberName' | 'Interface' | 'StateInterface' | 'Membership' | 'Penalty' | 'CallsTaken' | 'LastCall' |
    'LastPause' | 'LoginTime' | 'InCall' | 'Status' | 'Paused' | 'PausedReason' | 'Ringinuse' | 'Wrapuptime';
  QueueMemberPenalty: 'Queue' | 'MemberName' | 'Interface' | 'StateInterface' | 'Membership' | 'Penalty' | 'CallsTaken' | 'LastCall' |
    'LastPause' | 'LoginTime' | 'InCall' | 'Status' | 'Paused' | 'PausedReason' | 'Ringinuse' | 'Wrapuptime';
  QueueMemberRemoved: 'Queue' | 'MemberName' | 'Interface' | 'StateInterface' | 'Membership' | 'Penalty' | 'CallsTaken' | 'LastCall' |
    'LastPause' | 'LoginTime' | 'InCall' | 'Status' | 'Paused' | 'PausedReason' | 'Ringinuse' | 'Wrapuptime';
  QueueMemberRinginuse: 'Queue' | 'MemberName' | 'Interface' | 'StateInterface' | 'Membership' | 'Penalty' | 'CallsTaken' | 'LastCall' |
    'LastPause' | 'LoginTime' | 'InCall' | 'Status' | 'Paused' | 'PausedReason' | 'Ringinuse' | 'Wrapuptime';
  QueueMemberStatus: 'Queue' | 'MemberName' | 'Interface' | 'StateInterface' | 'Membership' | 'Penalty' | 'CallsTaken' | 'LastCall' |
    'LastPause' | 'LoginTime' | 'InCall' | 'Status' | 'Paused' | 'PausedReason' | 'Ringinuse' | 'Wrapuptime';
  QueueParams: 'Max' | 'Strategy' | 'Calls' | 'Holdtime' | 'TalkTime' | 'Completed' | 'Abandoned' | 'ServiceLevelPerf' |
    'ServiceLevelPerf2';
  ReceiveFAX: Snapshot | 'LocalStationID' | 'RemoteStationID' | 'PagesTransferred' | 'Resolution' | 'TransferRate' | 'FileName';
  Registry: 'ChannelType' | 'Username' | 'Domain' | 'Status' | 'Cause';
  Reload: 'Module' | 'Status';
  Rename: never;
  RequestBadFormat: 'AccountID' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'SessionID' | 'LocalAddress' | 'RemoteAddress' |
    'RequestType' | 'Module' | 'SessionTV' | 'RequestParams';
  RequestNotAllowed: 'RequestParams' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' |
    'RemoteAddress' | 'RequestType' | 'Module' | 'SessionTV';
  RequestNotSupported: 'RequestType' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' |
    'RemoteAddress' | 'Module' | 'SessionTV';
  ResourceListDetail: 'ObjectType' | 'ObjectName' | 'Event' | 'FullState' | 'ListItem' | 'NotificationBatchInterval' |
    'ResourceDisplayName';
  RTCPReceived: Snapshot | 'SSRC' | 'From' | 'RTT' | 'ReportCount' | 'PT' | 'SentNTP' | 'SentRTP' | 'SentPackets' | 'SentOctets' | 'To' |
    'ReportXSourceSSRC' | 'ReportXFractionLost' | 'ReportXCumulativeLost' | 'ReportXHighestSequence' | 'ReportXSequenceNumberCycles' |
    'ReportXIAJitter' | 'ReportXLSR' | 'ReportXDLSR';
  RTCPSent: Snapshot | 'SSRC' | 'PT' | 'To' | 'ReportCount' | 'SentNTP' | 'SentRTP' | 'SentPackets' | 'SentOctets' | 'ReportXSourceSSRC' |
    'ReportXFractionLost' | 'ReportXCumulativeLost' | 'ReportXHighestSequence' | 'ReportXSequenceNumberCycles' | 'ReportXIAJitter' |
    'ReportXLSR' | 'ReportXDLSR';
  SendFAX: Snapshot | 'LocalStationID' | 'RemoteStationID' | 'PagesTransferred' | 'Resolution' | 'TransferRate' | 'FileName';
  SessionLimit: 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' | 'RemoteAddress' |
    'Module' | 'SessionTV';
  Shutdown: 'Shutdown' | 'Restart';
  SoftHangupRequest: Snapshot | 'Cause';
  SpanAlarm: 'Span' | 'Alarm';
  SpanAlarmClear: 'Span';
  Status: Snapshot | 'Type' | 'DNID' | 'EffectiveConnectedLineNum' | 'EffectiveConnectedLineName' | 'TimeToHangup' | 'BridgeID' |
    'Application' | 'Data' | 'Nativeformats' | 'Readformat' | 'Readtrans' | 'Writeformat' | 'Writetrans' | 'Callgroup' | 'Pickupgroup' |
    'Seconds';
  StatusComplete: 'Items';
  SuccessfulAuth: 'UsingPassword' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress' |
    'RemoteAddress' | 'Module' | 'SessionTV';
  TransportDetail: 'ObjectType' | 'ObjectName' | 'Protocol' | 'Bind' | 'AsycOperations' | 'CaListFile' | 'CaListPath' | 'CertFile' |
    'PrivKeyFile' | 'Password' | 'ExternalSignalingAddress' | 'ExternalSignalingPort' | 'ExternalMediaAddress' | 'Domain' | 'VerifyServer' |
    'VerifyClient' | 'RequireClientCert' | 'Method' | 'Cipher' | 'LocalNet' | 'Tos' | 'Cos' | 'WebsocketWriteTimeout' | 'AllowReload' |
    'AllowWildcardCerts' | 'SymmetricTransport' | 'TcpKeepaliveEnable' | 'TcpKeepaliveIdleTime' | 'TcpKeepaliveIntervalTime' |
    'TcpKeepaliveProbeCount' | 'EndpointName';
  UnexpectedAddress: 'ExpectedAddress' | 'EventTV' | 'Severity' | 'Service' | 'EventVersion' | 'AccountID' | 'SessionID' | 'LocalAddress'
    | 'RemoteAddress' | 'Module' | 'SessionTV';
  Unhold: Snapshot;
  Unload: 'Module' | 'Status';
  UnParkedCall: Snapshot<'Parkee'> | Snapshot<'Parker'> | Snapshot<'Retriever'> | 'ParkerDialString' | 'Parkinglot' | 'ParkingSpace' |
    'ParkingTimeout' | 'ParkingDuration';
  VarSet: Snapshot | 'Variable' | 'Value';
  VoicemailPasswordChange: 'Context' | 'Mailbox' | 'NewPassword';
  Wink: Snapshot;
}
