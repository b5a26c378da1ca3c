namespace Delivery.Benchmarks.Extracts;

/// <summary>
/// What people do today, with the programs they do it with: an export to CSV, encrypted to the receiver's public key, carried over SSH,
/// decrypted there. No pseudonyms, no check of what may leave, no log.
/// </summary>
internal sealed class StatusQuo : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _keyring;
    private readonly LoopbackSsh _ssh;

    private StatusQuo(string folder, string keyring, LoopbackSsh ssh) => (_folder, _keyring, _ssh) = (folder, keyring, ssh);

    /// <summary>Makes a key pair and starts the SSH server, both the benchmark's own.</summary>
    public static async Task<StatusQuo> StartAsync()
    {
        foreach (var program in new[] { "sqlite3", "gpg", "ssh", "sftp", "ssh-keygen", "sshd" })
        {
            _ = Shell.Find(program) ?? throw new InvalidOperationException($"Part C needs {program}; install it or leave the part out with --parts.");
        }

        // Short, since the sockets of gpg's agent stand in it.
        var folder = Directory.CreateTempSubdirectory("dbq-").FullName;
        var keyring = Path.Combine(folder, "gpg");
        await Shell.RunAsync($"mkdir -m 700 {keyring} && gpg --homedir {keyring} --batch --quiet --passphrase '' --quick-gen-key receiver@delivery.example default default never");
        return new StatusQuo(folder, keyring, await LoopbackSsh.StartAsync(Path.Combine(folder, "ssh")));
    }

    /// <summary>One pipe, nothing on disk before the end, and gpg told not to compress: as fast as these programs go.</summary>
    public async Task<double> PipedAsync(string database)
    {
        Directory.CreateDirectory(PathOf("out"));
        return await Shell.RunAsync(
            $"{Export(database)} | {Encrypt} --compress-algo none | {_ssh.Command} '{Decrypt} > {PathOf("out/piped.csv")}'");
    }

    /// <summary>As it is usually done: a file, gpg as it comes, sftp, and a file again.</summary>
    public async Task<double> ByFilesAsync(string database)
    {
        Directory.CreateDirectory(PathOf("out"));
        return await Shell.RunAsync(
            $"{Export(database)} > {PathOf("out/export.csv")} && {Encrypt} --yes --output {PathOf("out/export.csv.gpg")} {PathOf("out/export.csv")}"
            + $" && echo put {PathOf("out/export.csv.gpg")} {PathOf("out/received.csv.gpg")} | {_ssh.Sftp}"
            + $" && {Decrypt} {PathOf("out/received.csv.gpg")} > {PathOf("out/received.csv")}");
    }

    /// <summary>Bytes of the CSV that came out, the same both ways.</summary>
    public long CsvBytes => new FileInfo(PathOf("out/piped.csv")).Length;

    /// <summary>Removes what came out, so that the next pass writes new files as the first did.</summary>
    public void Clear() => Directory.Delete(PathOf("out"), recursive: true);

    public async ValueTask DisposeAsync()
    {
        await _ssh.DisposeAsync();
        await Shell.RunAsync($"GNUPGHOME={_keyring} gpgconf --kill all");
        Directory.Delete(_folder, recursive: true);
    }

    private static string Export(string database) => $"sqlite3 -readonly -csv -header {database} 'SELECT * FROM result'";

    private string Encrypt => $"gpg --homedir {_keyring} --batch --quiet --trust-model always --recipient receiver@delivery.example --encrypt";

    private string Decrypt => $"gpg --homedir {_keyring} --batch --quiet --decrypt";

    private string PathOf(string name) => Path.Combine(_folder, name);
}
