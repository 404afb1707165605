// Those that somebody may hold in an organisation of several.
export const ROLES = ["org_admin", "issuer", "reviewer", "accountant", "reader"] as const;
