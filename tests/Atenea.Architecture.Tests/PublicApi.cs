using System.Reflection;
using System.Text;

namespace Atenea.Architecture.Tests;

/// <summary>Writes what an assembly offers, one line a member, in an order that does not depend on the source.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            IEnumerable<string> members = type.GetMembers(Declared).Where(IsOffered).Select(Line).Distinct();
            foreach (string member in members.Order(StringComparer.Ordinal)) text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Head(Type type)
    {
        bool derived = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum);
        return $"{Kind(type)} {Name(type)}{(derived ? " : " + Name(type.BaseType!) : "")}";
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum) return "enum";
        if (type.IsInterface) return "interface";
        if (type.IsValueType) return "struct";
        if (typeof(Delegate).IsAssignableFrom(type)) return "delegate";
        if (type.IsAbstract) return type.IsSealed ? "static class" : "abstract class";
        return type.IsSealed ? "sealed class" : "class";
    }

    private static bool IsOffered(MemberInfo member) => member switch
    {
        MethodInfo m => (m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly) && !m.IsSpecialName && !IsOfRecords(m),
        ConstructorInfo c => c.IsPublic || c.IsFamily || c.IsFamilyOrAssembly,
        FieldInfo f => (f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly) && !f.IsSpecialName,
        PropertyInfo p => p.GetAccessors(true).Any(a => a.IsPublic || a.IsFamily || a.IsFamilyOrAssembly) && p.Name != "EqualityContract",
        EventInfo e => e.AddMethod is { IsPublic: true },
        _ => false,
    };

    /// <summary>What the compiler makes for every record says nothing.</summary>
    private static bool IsOfRecords(MethodInfo method) =>
        method.Name is "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "<Clone>$" or "Deconstruct"
        || method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Line(MemberInfo member) => member switch
    {
        MethodInfo m => $"{(m.IsStatic ? "static " : "")}{Name(m.ReturnType)} {m.Name}{Generic(m)}({Parameters(m)})",
        ConstructorInfo c => $"new({Parameters(c)})",
        FieldInfo { IsLiteral: true } f when f.DeclaringType!.IsEnum => $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue())}",
        FieldInfo { IsLiteral: true } f => $"const {Name(f.FieldType)} {f.Name}",
        FieldInfo f => $"{(f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}",
        PropertyInfo p =>
            $"{(p.GetAccessors(true)[0].IsStatic ? "static " : "")}{Name(p.PropertyType)} {p.Name}{Index(p)} {{{Accessors(p)} }}",
        EventInfo e => $"event {Name(e.EventHandlerType!)} {e.Name}",
        _ => member.Name,
    };

    private static string Accessors(PropertyInfo property) =>
        (property.GetMethod is { IsPublic: true } ? " get;" : "") + (property.SetMethod is { IsPublic: true } set
            ? set.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? " init;" : " set;" : "");

    private static string Index(PropertyInfo property) =>
        property.GetIndexParameters() is not { Length: > 0 } parameters ? ""
            : $"[{string.Join(", ", parameters.Select(p => Name(p.ParameterType)))}]";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string passing = parameter.IsOut ? "out " : !parameter.ParameterType.IsByRef ? "" : parameter.IsIn ? "in " : "ref ";
        string absent = parameter.HasDefaultValue ? " = " + Value(parameter.RawDefaultValue) : "";
        return $"{passing}{Name(parameter.ParameterType)} {parameter.Name}{absent}";
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        string s => $"\"{s}\"",
        bool b => b ? "true" : "false",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        string name = type.Name.Split('`')[0];
        if (type.IsNested && !type.IsGenericParameter) name = $"{Name(type.DeclaringType!)}.{name}";
        if (type.FullName?.StartsWith("System.", StringComparison.Ordinal) == true) name = Keyword(type) ?? name;
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    private static string? Keyword(Type type) => type.IsEnum ? null : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Byte => "byte",
        TypeCode.Char => "char",
        TypeCode.Double => "double",
        TypeCode.Int32 => "int",
        TypeCode.Int64 => "long",
        TypeCode.Single => "float",
        TypeCode.String => "string",
        TypeCode.UInt32 => "uint",
        TypeCode.UInt64 => "ulong",
        _ => type == typeof(void) ? "void" : type == typeof(object) ? "object" : null,
    };
}
