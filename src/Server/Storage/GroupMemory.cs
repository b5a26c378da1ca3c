namespace Delivery.Server.Storage;

/// <summary>
/// What the changes of one transaction hand on to the next of them, so that it need not be read again. It is forgotten when a change fails, because what
/// was handed on may have been taken back with it. The writer's thread only.
/// </summary>
internal sealed class GroupMemory
{
    private readonly Dictionary<Type, object> _kept = [];

    /// <summary>What was kept of this type, or null.</summary>
    public T? Recall<T>()
        where T : class => (T?)_kept.GetValueOrDefault(typeof(T));

    public void Keep<T>(T value)
        where T : class => _kept[typeof(T)] = value;

    public void Forget() => _kept.Clear();
}
