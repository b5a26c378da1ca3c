namespace Grpc.Core;

/// <summary>The methods of one service with their handlers. Never changes once built.</summary>
public class ServerServiceDefinition
{
    private readonly Action<ServiceBinderBase>[] additions;

    private ServerServiceDefinition(Action<ServiceBinderBase>[] additions) => this.additions = additions;

    public static Builder CreateBuilder() => new();

    /// <summary>Gives every method to <paramref name="serviceBinder"/>, in the order they were added.</summary>
    internal void BindService(ServiceBinderBase serviceBinder)
    {
        ArgumentNullException.ThrowIfNull(serviceBinder);
        foreach (var add in additions)
        {
            add(serviceBinder);
        }
    }

    /// <summary>Gathers methods; a path may be added once.</summary>
    public class Builder
    {
        private readonly HashSet<string> paths = new(StringComparer.Ordinal);
        private readonly List<Action<ServiceBinderBase>> additions = [];

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public ServerServiceDefinition Build() => new([.. additions]);

        private Builder Add(IMethod method, Action<ServiceBinderBase> addition)
        {
            if (!paths.Add(method.FullName))
            {
                throw new ArgumentException($"{method.FullName} was added before.", nameof(method));
            }

            additions.Add(addition);
            return this;
        }
    }
}
