using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Delivery.Server.Storage.Migrations;

/// <summary>Keeps what was confirmed as it was answered, so that it can be answered again.</summary>
[DbContext(typeof(DeliveryDb))]
[Migration("0003_confirmation")]
internal sealed class Confirmation : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => MigrationScript.Run(migrationBuilder, "0003_confirmation");
}
