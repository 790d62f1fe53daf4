/**
 * Mode of the data folder and of the folders in it that others have to pass. Nobody else lists or reads it. Where
 * Drover runs as root, the account of PostgreSQL and the users of isolated jobs pass through to folders of their own.
 */
export const dataFolderMode = (): number => (process.getuid?.() === 0 ? 0o711 : 0o700);
